# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# Language, warnings and sanitizers for every target of ours.
set(CMAKE_CXX_STANDARD 23)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
if(NOT SMGW_SANITIZE)
  # what ships shows what is marked SMGW_API; with sanitizers the version scripts alone see to that
  set(CMAKE_CXX_VISIBILITY_PRESET hidden)
  set(CMAKE_VISIBILITY_INLINES_HIDDEN ON)
endif()

find_program(SMGW_MOLD mold)
if(SMGW_MOLD)
  add_link_options(-fuse-ld=mold)
endif()

add_library(smgw_options INTERFACE)
target_include_directories(smgw_options INTERFACE ${PROJECT_SOURCE_DIR}/src ${PROJECT_SOURCE_DIR}/include)
target_compile_options(smgw_options INTERFACE
  -Wall -Wextra -Wpedantic -Werror -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor -Wold-style-cast
  -Woverloaded-virtual -Wnull-dereference -Wimplicit-fallthrough
  -Wno-missing-field-initializers)  # members with defaults may be left out of designated initialisers
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 14 reports these inside the standard library's own headers once they are inlined.
  target_compile_options(smgw_options INTERFACE -Wduplicated-cond -Wlogical-op
    -Wno-null-dereference -Wno-error=maybe-uninitialized -Wno-error=array-bounds -Wno-error=stringop-overflow)
endif()

if(SMGW_SANITIZE)
  # CAF 0.17's headers form references from null in functions that are never called through them.
  set(flags -fsanitize=${SMGW_SANITIZE} -fno-sanitize-recover=all -fno-sanitize=null -fno-omit-frame-pointer -g1)
  add_compile_options(${flags} -O1)
  add_link_options(-fsanitize=${SMGW_SANITIZE})
else()
  target_compile_options(smgw_options INTERFACE -fstack-protector-strong)
  target_compile_definitions(smgw_options INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=3>)
endif()
set(CMAKE_CXX_FLAGS_RELEASE "-O2")   # assertions stay on in what ships
