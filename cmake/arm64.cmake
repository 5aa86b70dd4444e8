# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# Compiles for arm64 with Debian's cross compiler over a root of arm64's packages; `./dev arm64` provides both. What CMake
# runs itself (the embedded page, the tests' scripts) stays this machine's; what it builds runs in qemu-user.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(CMAKE_CXX_COMPILER aarch64-linux-gnu-g++-14)

if(NOT SMGW_SYSROOT)
  set(SMGW_SYSROOT /arm64)
  if(NOT "$ENV{SMGW_SYSROOT}" STREQUAL "")
    set(SMGW_SYSROOT $ENV{SMGW_SYSROOT})
  endif()
endif()
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES SMGW_SYSROOT)
set(CMAKE_SYSROOT ${SMGW_SYSROOT})

# Libraries, headers and packages of the root alone; programs of this machine alone.
set(CMAKE_FIND_ROOT_PATH ${SMGW_SYSROOT})
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${SMGW_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR} ${SMGW_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${SMGW_SYSROOT}/usr/share/pkgconfig)
set(ENV{PKG_CONFIG_PATH} "")

set(CMAKE_CROSSCOMPILING_EMULATOR qemu-aarch64;-L;${SMGW_SYSROOT})
