# SPDX-License-Identifier: Apache-2.0

# What all of Candor's own code is compiled with. Generated code is not Candor's own.
add_library(candor_flags INTERFACE)
target_compile_options(candor_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor -Woverloaded-virtual -Wold-style-cast -Werror)
target_include_directories(candor_flags INTERFACE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/sidecar)
target_compile_definitions(candor_flags INTERFACE CANDOR_VERSION="${PROJECT_VERSION}")
if(CANDOR_SANITIZE)
  add_compile_options(-fsanitize=${CANDOR_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${CANDOR_SANITIZE})
  if(CANDOR_SANITIZE STREQUAL "thread")
    add_compile_options(-Wno-tsan)  # Asio's fences: the sanitizer does not see what they order
  endif()
endif()

# add_module(<component> SOURCES a.cc ... DEPENDS <component|target> ...)
# One component as one static library candor_<component>. Components are named bare, other libraries as CMake targets.
function(add_module component)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPENDS" ${ARGN})
  set(links)
  foreach(dep IN LISTS ARG_DEPENDS)
    if(IS_DIRECTORY ${CMAKE_SOURCE_DIR}/sidecar/${dep})
      list(APPEND links candor_${dep})
    else()
      list(APPEND links ${dep})
    endif()
  endforeach()
  add_library(candor_${component} STATIC ${ARG_SOURCES})
  target_link_libraries(candor_${component} PUBLIC ${links} PRIVATE candor_flags)
  target_include_directories(candor_${component} PUBLIC ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/sidecar)
endfunction()

# add_bpf_object(<name>) compiles <name>.bpf.c and makes <name>.skel.h, linked as target candor_bpf_<name>.
function(add_bpf_object name)
  set(src ${CMAKE_CURRENT_SOURCE_DIR}/${name}.bpf.c)
  set(obj ${CMAKE_CURRENT_BINARY_DIR}/${name}.bpf.o)
  set(skel ${CMAKE_CURRENT_BINARY_DIR}/${name}.skel.h)
  execute_process(COMMAND uname -m OUTPUT_VARIABLE machine OUTPUT_STRIP_TRAILING_WHITESPACE)
  add_custom_command(OUTPUT ${obj}
    COMMAND ${CANDOR_CLANG} -target bpf -mcpu=v3 -g -O2 -Wall -Wextra -Werror -Wno-unused-parameter
            -I${CMAKE_SOURCE_DIR} -idirafter /usr/include/${machine}-linux-gnu
            -MD -MF ${obj}.d -c ${src} -o ${obj}
    DEPENDS ${src} DEPFILE ${obj}.d VERBATIM COMMENT "BPF ${name}")
  add_custom_command(OUTPUT ${skel}
    COMMAND ${CANDOR_BPFTOOL} gen skeleton ${obj} name ${name}_bpf > ${skel}
    DEPENDS ${obj} VERBATIM COMMENT "Skeleton ${name}")
  add_custom_target(candor_bpf_${name}_gen DEPENDS ${skel})
  add_library(candor_bpf_${name} INTERFACE)
  add_dependencies(candor_bpf_${name} candor_bpf_${name}_gen)
  target_include_directories(candor_bpf_${name} SYSTEM INTERFACE ${CMAKE_CURRENT_BINARY_DIR})
  target_link_libraries(candor_bpf_${name} INTERFACE PkgConfig::LIBBPF)
endfunction()

find_program(CANDOR_GOLD ld.gold)  # of binutils; for tests alone, and where it is missing they are linked as all else

# Paths that tests are compiled with. In a header, because not every character of a path can be in a definition on the
# command line; as raw literals, so that none has a meaning.
set(candor_test_paths ${CMAKE_BINARY_DIR}/tests/paths.h)
file(CONFIGURE OUTPUT ${candor_test_paths} @ONLY CONTENT [[
#define CANDOR_TEST_DATA R"path(@CMAKE_SOURCE_DIR@/tests/data)path"
#define CANDOR_FUZZ_SEEDS R"path(@CMAKE_BINARY_DIR@/tests/fuzz/seeds)path"
]])

# add_candor_test(<file> LABEL unit [CONFINED] [DEPENDS ...]) in tests/<folder> builds tests/<folder>/<file>_test.cc with
# GoogleTest's main as target <folder>_<file>_test and registers it with CTest as <folder>_<file>: one process
# for all of its cases, because a kernel test must not load its programs again for each. CONFINED: without
# capabilities and under candord's filter of system calls, where candord is built.
function(add_candor_test path)
  cmake_parse_arguments(ARG "CONFINED" "LABEL;TIMEOUT" "DEPENDS;SOURCES" ${ARGN})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME folder)
  string(REPLACE "/" "_" name ${folder}_${path})
  set(links)
  foreach(dep IN LISTS ARG_DEPENDS)
    if(IS_DIRECTORY ${CMAKE_SOURCE_DIR}/sidecar/${dep})
      list(APPEND links candor_${dep})
    else()
      list(APPEND links ${dep})
    endif()
  endforeach()
  set(main GTest::gtest_main)
  if(ARG_CONFINED AND CANDOR_BPF)
    set(main candor_confined_main)
  endif()
  add_executable(${name}_test ${path}_test.cc ${ARG_SOURCES})
  target_link_libraries(${name}_test PRIVATE ${links} candor_flags GTest::gtest GTest::gmock ${main})
  target_compile_options(${name}_test PRIVATE "SHELL:-include \"${candor_test_paths}\"")
  # What is tested is in the libraries, compiled as users get it. The test around it takes two thirds of the time to
  # compile like this, and its backtraces keep their lines; gold takes half the time to link it.
  target_compile_options(${name}_test PRIVATE $<$<CONFIG:RelWithDebInfo>:-O1> $<$<CONFIG:RelWithDebInfo>:-g1>)
  if(CANDOR_GOLD)
    target_link_options(${name}_test PRIVATE $<$<CONFIG:RelWithDebInfo>:-fuse-ld=gold>)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
  endif()
  add_test(NAME ${name} COMMAND ${name}_test)
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()

# Debian's own Python: it has the modules that scripts/setup installs.
find_program(CANDOR_PYTHON python3 PATHS /usr/bin NO_DEFAULT_PATH REQUIRED)

# add_stand_test(<file> TIMEOUT <seconds> [NAME <name>] [BPF_FS_MODE <octal>] [ALONE] [LOCK <name>] [ARGS ...])
# registers <file>_test.py of this folder as <folder>_<file>: candord beside a real media server on the stand of
# tests/e2e, in namespaces and cgroups of its own. ALONE: no other test runs beside it, because it counts what there is of
# Candor in the whole kernel, or uses up the CPUs. LOCK: none of the same lock does, because two load the machine too much.
function(add_stand_test file)
  cmake_parse_arguments(ARG "ALONE" "TIMEOUT;NAME;BPF_FS_MODE;LOCK" "ARGS" ${ARGN})
  cmake_path(GET CMAKE_CURRENT_SOURCE_DIR FILENAME folder)
  if(NOT ARG_NAME)
    set(ARG_NAME ${folder}_${file})
  endif()
  add_test(NAME ${ARG_NAME} COMMAND ${CANDOR_PYTHON} ${CMAKE_CURRENT_SOURCE_DIR}/${file}_test.py ${ARG_ARGS})
  set(environment "CANDOR_BINARY_DIR=${CMAKE_BINARY_DIR};PYTHONDONTWRITEBYTECODE=1;PYTHONUNBUFFERED=1")
  string(APPEND environment ";PYTHONPATH=${CMAKE_SOURCE_DIR}/tests/e2e:${CMAKE_SOURCE_DIR}/tests/survive")
  if(ARG_BPF_FS_MODE)
    string(APPEND environment ";CANDOR_TEST_BPF_FS_MODE=${ARG_BPF_FS_MODE}")  # else as stand/bpf_fs.py has it
  endif()
  set_tests_properties(${ARG_NAME} PROPERTIES LABELS e2e TIMEOUT ${ARG_TIMEOUT} RUN_SERIAL ${ARG_ALONE}
    ENVIRONMENT "${environment}")
  if(ARG_LOCK)
    set_tests_properties(${ARG_NAME} PROPERTIES RESOURCE_LOCK ${ARG_LOCK})
  endif()
endfunction()
