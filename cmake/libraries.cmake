# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# Third-party libraries, one interface target each; their headers count as system headers.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)

function(smgw_pkg name module)
  pkg_check_modules(${name} REQUIRED IMPORTED_TARGET ${module})
  add_library(smgw_${name} INTERFACE)
  target_link_libraries(smgw_${name} INTERFACE PkgConfig::${name})
  get_target_property(dirs PkgConfig::${name} INTERFACE_INCLUDE_DIRECTORIES)
  if(dirs)
    target_include_directories(smgw_${name} SYSTEM INTERFACE ${dirs})
  endif()
endfunction()

smgw_pkg(botan botan-3)
smgw_pkg(pcsc libpcsclite)
smgw_pkg(tss2_esys tss2-esys)
smgw_pkg(tss2_mu tss2-mu)
smgw_pkg(tss2_rc tss2-rc)
smgw_pkg(tss2_tcti_device tss2-tcti-device)
smgw_pkg(tss2_tcti_swtpm tss2-tcti-swtpm)
smgw_pkg(llhttp libllhttp)
smgw_pkg(pugixml pugixml)
smgw_pkg(zlib zlib)
smgw_pkg(nlohmann_json nlohmann_json)

# The header alone: tokens' libraries are loaded at run time.
pkg_check_modules(p11 REQUIRED p11-kit-1)
add_library(smgw_p11 INTERFACE)
target_include_directories(smgw_p11 SYSTEM INTERFACE ${p11_INCLUDE_DIRS})

if(NOT SMGW_FUZZ)
  smgw_pkg(spdlog spdlog)
  smgw_pkg(cli11 CLI11)
endif()

# Debian gives no CMake package and no .pc file for these two.
add_library(smgw_caf INTERFACE)
find_library(CAF_CORE caf_core REQUIRED)
find_library(CAF_IO caf_io REQUIRED)
target_link_libraries(smgw_caf INTERFACE ${CAF_IO} ${CAF_CORE} Threads::Threads)
target_compile_definitions(smgw_caf INTERFACE CAF_ENABLE_TYPE_ID_CHECKS)
add_library(smgw_rocksdb INTERFACE)
find_library(ROCKSDB rocksdb REQUIRED)
target_link_libraries(smgw_rocksdb INTERFACE ${ROCKSDB})
