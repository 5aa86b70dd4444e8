# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# The version is written once, in the header that OEMs see.
set(SMGW_VERSION "")
foreach(part MAJOR MINOR PATCH)
  file(STRINGS ${CMAKE_CURRENT_SOURCE_DIR}/include/smgw/version.hpp line REGEX "#define SMGW_VERSION_${part} ")
  string(REGEX REPLACE ".* ([0-9]+)$" "\\1" number "${line}")
  list(APPEND SMGW_VERSION ${number})
endforeach()
list(JOIN SMGW_VERSION . SMGW_VERSION)
