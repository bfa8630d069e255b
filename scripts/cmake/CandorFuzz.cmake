# SPDX-License-Identifier: Apache-2.0
# libFuzzer is clang's, and its instrumentation must cover what it explores: the components are compiled once more,
# by clang and with sanitizers, into one archive that all targets link. Warnings are the ordinary build's affair.
find_program(CANDOR_CLANGXX NAMES clang++ clang++-14 REQUIRED)
add_custom_target(fuzzers)
set(candor_fuzz_flags -std=c++20 -O1 -g1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
    -fno-omit-frame-pointer -I${CMAKE_SOURCE_DIR} -I${CMAKE_SOURCE_DIR}/sidecar)

# candor_fuzz_object(<variable> <source> [flag...]) appends the object that clang makes of the source.
function(candor_fuzz_object list source)
  file(RELATIVE_PATH name ${CMAKE_SOURCE_DIR} ${source})
  string(REPLACE "/" "_" name "${name}")
  string(MAKE_C_IDENTIFIER "${ARGN}" suffix)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/objects/${name}${suffix}.o)
  add_custom_command(OUTPUT ${object}
    COMMAND ${CMAKE_CXX_COMPILER_LAUNCHER} ${CANDOR_CLANGXX} ${candor_fuzz_flags} ${ARGN}
            -MD -MF ${object}.d -c ${source} -o ${object}
    DEPENDS ${source} DEPFILE ${object}.d VERBATIM COMMENT "Fuzzing object ${name}")
  set(${list} ${${list}} ${object} PARENT_SCOPE)
endfunction()

# candor_fuzz_archive(COMPONENTS target... SOURCES a.cc...) makes libcandor_fuzz.a of the sources of whole components
# and of single files.
function(candor_fuzz_archive)
  cmake_parse_arguments(ARG "" "" "COMPONENTS;SOURCES" ${ARGN})
  set(objects)
  foreach(component IN LISTS ARG_COMPONENTS)
    get_target_property(folder candor_${component} SOURCE_DIR)
    get_target_property(sources candor_${component} SOURCES)
    foreach(source IN LISTS sources)
      candor_fuzz_object(objects ${folder}/${source})
    endforeach()
  endforeach()
  foreach(source IN LISTS ARG_SOURCES)
    candor_fuzz_object(objects ${CMAKE_SOURCE_DIR}/${source})
  endforeach()
  set(archive ${CMAKE_CURRENT_BINARY_DIR}/libcandor_fuzz.a)
  add_custom_command(OUTPUT ${archive}
    COMMAND ${CMAKE_COMMAND} -E rm -f ${archive}
    COMMAND ${CMAKE_AR} rc ${archive} ${objects}
    DEPENDS ${objects} VERBATIM COMMENT "Archive of what is fuzzed")
endfunction()

# candor_fuzz_target(<name> <Function> SEEDS dir SECONDS n [MAX_LENGTH n] [LIBRARIES -l...]) builds
# <name>_fuzz from <name>_fuzz.cc, whose candor::fuzz::<Function> is called, and registers it with CTest. A
# dictionary <name>.dict is used when there is one.
function(candor_fuzz_target name function)
  cmake_parse_arguments(ARG "" "SEEDS;SECONDS;MAX_LENGTH" "LIBRARIES" ${ARGN})
  set(archive ${CMAKE_CURRENT_BINARY_DIR}/libcandor_fuzz.a)
  set(fuzzer ${CMAKE_CURRENT_BINARY_DIR}/${name}_fuzz)
  set(objects)
  candor_fuzz_object(objects ${CMAKE_CURRENT_SOURCE_DIR}/${name}_fuzz.cc)
  candor_fuzz_object(objects ${CMAKE_CURRENT_SOURCE_DIR}/entry.cc -DCANDOR_FUZZ_TARGET=${function})
  add_custom_command(OUTPUT ${fuzzer}
    COMMAND ${CANDOR_CLANGXX} -fsanitize=fuzzer,address,undefined ${objects} ${archive} -o ${fuzzer}
            ${ARG_LIBRARIES}
    DEPENDS ${objects} ${archive} VERBATIM COMMENT "Fuzzer ${name}")
  # Not part of all: scripts/test builds them while the end-to-end tests wait.
  add_custom_target(build_${name}_fuzz DEPENDS ${fuzzer})
  add_dependencies(fuzzers build_${name}_fuzz)

  # Its new inputs go to the build tree; those in the repository are only read. scripts/fuzz
  # runs it as this command does: from files with one word a line, since a path may have spaces.
  set(own ${CMAKE_CURRENT_BINARY_DIR}/${name})
  set(options -timeout=10 -rss_limit_mb=1024 -max_len=${ARG_MAX_LENGTH} -print_final_stats=1)
  set(dictionary ${CMAKE_CURRENT_SOURCE_DIR}/${name}.dict)
  if(EXISTS ${dictionary})
    list(APPEND options -dict=${dictionary})
  endif()
  set(read ${ARG_SEEDS}/${name})
  if(EXISTS ${CMAKE_SOURCE_DIR}/tests/data/fuzz/${name})
    list(APPEND read ${CMAKE_SOURCE_DIR}/tests/data/fuzz/${name})
  endif()
  file(MAKE_DIRECTORY ${own}/corpus)
  string(JOIN "\n" words ${options})
  string(JOIN "\n" folders ${read})
  file(CONFIGURE OUTPUT ${own}/options CONTENT "${words}\n")
  file(CONFIGURE OUTPUT ${own}/seeds CONTENT "${folders}\n")
  add_test(NAME fuzz_${name}
    COMMAND ${fuzzer} -max_total_time=${ARG_SECONDS} -seed=20260602 ${options} -artifact_prefix=${own}/
            ${own}/corpus ${read})
  math(EXPR limit "${ARG_SECONDS} * 4 + 60")
  set_tests_properties(fuzz_${name} PROPERTIES LABELS fuzz TIMEOUT ${limit})
endfunction()
