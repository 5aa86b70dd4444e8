# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors

# smgw_layer(NAME [LTO] [LINKS layer…] [PRIVATE library…]): src/NAME as a static library smgw_NAME.
# LTO: what ships is optimised across the layer's files (docs/decisions/0006-link-time-optimisation.md).
function(smgw_layer name)
  cmake_parse_arguments(arg "LTO" "" "LINKS;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(sources)
    add_library(smgw_${name} STATIC ${sources})
    set(scope PUBLIC)
    if(arg_LTO)
      set_target_properties(smgw_${name} PROPERTIES INTERPROCEDURAL_OPTIMIZATION_RELEASE ON)
      target_link_options(smgw_${name} INTERFACE $<$<CONFIG:Release>:-flto=auto>)
    endif()
  else()
    add_library(smgw_${name} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_link_libraries(smgw_${name} ${scope} smgw_options)
  foreach(other ${arg_LINKS})
    target_link_libraries(smgw_${name} ${scope} smgw_${other})
  endforeach()
  if(sources)
    foreach(library ${arg_PRIVATE})
      target_link_libraries(smgw_${name} PRIVATE smgw_${library})
    endforeach()
  endif()
endfunction()
