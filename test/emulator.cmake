# SPDX-License-Identifier: Apache-2.0
# Copyright 2026 the smgw authors
# Tests built for another processor run in its emulator (qemu-user, cmake/arm64.cmake). What does not fit it is here by name,
# with the reason, and has the label `native`: `ctest -LE native` runs the rest, `ctest -N -L native` lists it.
if(NOT CMAKE_CROSSCOMPILING)
  function(smgw_label_native)
  endfunction()
  return()
endif()

# smgw_native_cases(PROGRAM TAG… [NAME]): Catch2's patterns of cases that are taken out of PROGRAM's test, to PROGRAM_native;
# of exclusions by name it takes one, the last.
function(smgw_native_cases program)
  list(JOIN ARGN "~" fits)
  set(SMGW_FITS_EMULATOR_${program} "~${fits}" PARENT_SCOPE)
  list(JOIN ARGN "," others)
  set(SMGW_NATIVE_${program} "${others}" PARENT_SCOPE)
  set(SMGW_NATIVE_PROGRAMS ${SMGW_NATIVE_PROGRAMS} ${program} PARENT_SCOPE)
endfunction()

# SoftHSM's module would be loaded into an arm64 program, and vpcd's into the PC/SC service: both are of this machine.
smgw_native_cases(crypto "[pkcs11]" "*behind the PC/SC service*")
# These start their own program a second time, which is none of this machine's kernel; or one that is not there, which the
# emulator tells late: as the end of a program that began.
smgw_native_cases(store "a writer killed at any moment*")
smgw_native_cases(actors "[native]")

# The program at work, which no other test shows here.
function(smgw_program_tests)
  file(STRINGS ${PROJECT_SOURCE_DIR}/test/vectors/sml/meters.jsonl telegram LIMIT_COUNT 1)
  string(REGEX MATCH "\"frame_hex\": \"([0-9a-f]+)\"" telegram "${telegram}")
  add_test(NAME program_decode COMMAND smgw_program lmn decode ${CMAKE_MATCH_1})
endfunction()

function(smgw_label_native)
  smgw_program_tests()
  foreach(program ${SMGW_NATIVE_PROGRAMS})
    add_test(NAME ${program}_native COMMAND test_${program} ${SMGW_NATIVE_${program}})
    set_tests_properties(${program}_native PROPERTIES LABELS native)
  endforeach()
  # memory_smartcard, memory_pkcs11: with the modules of crypto_native.
  # process: starts the gateway as a program, which is none of this machine's kernel; all of it against the clock.
  # oem: builds and starts an appliance, with this machine's compiler. must_not_compile: the language, not the processor.
  set_tests_properties(memory_smartcard memory_pkcs11 process oem must_not_compile PROPERTIES LABELS native)
endfunction()
