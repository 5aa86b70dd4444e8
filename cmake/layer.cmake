# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors

# smgw_layer(NAME [LINKS layer…] [PRIVATE library…]): src/NAME as a static library smgw_NAME.
function(smgw_layer name)
  cmake_parse_arguments(arg "" "" "LINKS;PRIVATE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/src/${name}/*.cpp)
  if(sources)
    add_library(smgw_${name} STATIC ${sources})
    set(scope PUBLIC)
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
