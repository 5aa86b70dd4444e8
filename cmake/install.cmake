# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# What `cmake --install` lays down. An OEM's build sees two shared libraries with headers over the standard library
# only; CAF, Botan, RocksDB and all layers of ours are inside or behind them.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

# smgw_shared_library(TARGET FILE EXPORT): objects and archives in one library that shows what cmake/FILE.map names.
function(smgw_shared_library name output export)
  cmake_parse_arguments(arg "" "" "OBJECTS;WHOLE;LINKS;HEADERS" ${ARGN})
  add_library(${name} SHARED)
  foreach(objects ${arg_OBJECTS})
    target_sources(${name} PRIVATE $<TARGET_OBJECTS:${objects}>)
  endforeach()
  set_target_properties(${name} PROPERTIES OUTPUT_NAME ${output} EXPORT_NAME ${export} LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  set(map ${PROJECT_SOURCE_DIR}/cmake/${output}.map)
  target_link_options(${name} PRIVATE LINKER:--version-script=${map} LINKER:--no-undefined-version)
  set_property(TARGET ${name} APPEND PROPERTY LINK_DEPENDS ${map})
  # what only the outside calls would not be taken out of an archive
  list(TRANSFORM arg_WHOLE REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE archives)
  if(archives)
    list(JOIN archives " " archives)
    target_link_options(${name} PRIVATE "SHELL:-Wl,--whole-archive ${archives} -Wl,--no-whole-archive")
    add_dependencies(${name} ${arg_WHOLE})
  endif()
  target_link_libraries(${name} PRIVATE ${arg_LINKS})
  target_compile_features(${name} INTERFACE cxx_std_23)
  target_include_directories(${name} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
  install(TARGETS ${name} EXPORT smgw-${export}
    LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT devel)
  install(EXPORT smgw-${export} NAMESPACE smgw:: FILE smgw-${export}.cmake
    DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/smgw COMPONENT devel)
  install(DIRECTORY ${arg_HEADERS}/ DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT devel FILES_MATCHING PATTERN *.hpp)
endfunction()

smgw_shared_library(smgw_shared smgw smgw
  OBJECTS smgw_facade WHOLE smgw_base smgw_actors LINKS smgw_actors HEADERS ${PROJECT_SOURCE_DIR}/include)
smgw_shared_library(smgw_testkit_shared smgw-testkit testkit
  OBJECTS smgw_kit LINKS smgw_testkit HEADERS ${PROJECT_SOURCE_DIR}/test/sim/include)
target_link_libraries(smgw_testkit_shared INTERFACE smgw_shared)

configure_package_config_file(${PROJECT_SOURCE_DIR}/cmake/smgwConfig.cmake.in ${PROJECT_BINARY_DIR}/smgwConfig.cmake
  INSTALL_DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/smgw NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/smgwConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/smgwConfig.cmake ${PROJECT_BINARY_DIR}/smgwConfigVersion.cmake
  DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/smgw COMPONENT devel)

install(TARGETS smgw_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT gateway)
install(TARGETS smgw_sim_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT devel)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/profiles/ DESTINATION ${CMAKE_INSTALL_DATADIR}/smgw/profiles COMPONENT gateway)
