# rackscout-portable: the same objects as rackscout's, linked with static libraries alone. It runs
# where neither Debian 12's glibc nor any of its libraries is.
set(RACKSCOUT_LIBMODBUS "" CACHE FILEPATH "libmodbus.a, which Debian does not have: cross/libmodbus.sh makes it")
if(NOT EXISTS "${RACKSCOUT_LIBMODBUS}")
  message(FATAL_ERROR "RACKSCOUT_LIBMODBUS=${RACKSCOUT_LIBMODBUS} does not exist; cross/libmodbus.sh makes it")
endif()

# find_static(<list> <name of a .a> <Debian package>)...: appends their paths to the list.
function(find_static list name package)
  find_library(STATIC_${name} lib${name}.a)
  if(NOT STATIC_${name})
    message(FATAL_ERROR "no lib${name}.a: it is in Debian's ${package}")
  endif()
  set(${list} ${${list}} ${STATIC_${name}} PARENT_SCOPE)
endfunction()

set(static_libraries ${RACKSCOUT_LIBMODBUS})
find_static(static_libraries ssl libssl-dev)
find_static(static_libraries crypto libssl-dev)
find_static(static_libraries sqlite3 libsqlite3-dev)
find_static(static_libraries pugixml libpugixml-dev)
find_static(static_libraries seccomp libseccomp-dev)
find_static(static_libraries archive libarchive-dev)
# What libarchive.a asks for; of these the linker takes what is needed to read a zip.
find_static(static_libraries nettle nettle-dev)
find_static(static_libraries acl libacl1-dev)
find_static(static_libraries bz2 libbz2-dev)
find_static(static_libraries lz4 liblz4-dev)
find_static(static_libraries lzma liblzma-dev)
find_static(static_libraries zstd libzstd-dev)
find_static(static_libraries z zlib1g-dev)

set(architectures x86_64-linux-gnu amd64 aarch64-linux-gnu arm64 arm-linux-gnueabihf armhf)
list(FIND architectures "${CMAKE_LIBRARY_ARCHITECTURE}" at)
math(EXPR at "${at} + 1")
list(GET architectures ${at} architecture)

add_library(portable OBJECT
  ${PROJECT_SOURCE_DIR}/agent/portable/fmt_library.cpp
  ${PROJECT_SOURCE_DIR}/agent/portable/name_services.cpp)
target_link_libraries(portable PRIVATE warnings fmt::fmt)

set(our_libraries agent protocols store parsers base)
list(TRANSFORM our_libraries REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE our_files)
add_executable(rackscout-portable
  $<TARGET_OBJECTS:quick> $<TARGET_OBJECTS:rackscout> $<TARGET_OBJECTS:portable>)
set_target_properties(rackscout-portable PROPERTIES
  RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR} LINKER_LANGUAGE CXX LINK_DEPENDS "${our_files};${static_libraries}")
set_property(TARGET rackscout-portable PROPERTY POSITION_INDEPENDENT_CODE)
add_dependencies(rackscout-portable ${our_libraries})

# Loaded at a random address where glibc has what that takes: not on armhf.
separate_arguments(linker_flags UNIX_COMMAND "${CMAKE_EXE_LINKER_FLAGS}")
execute_process(COMMAND ${CMAKE_CXX_COMPILER} ${linker_flags} -print-file-name=rcrt1.o
                OUTPUT_VARIABLE start_file OUTPUT_STRIP_TRAILING_WHITESPACE)
if(IS_ABSOLUTE "${start_file}")
  set(static_link -static-pie)
else()
  set(static_link -static)
endif()
# Nearly a megabyte of relocations less, where the linker can say them shorter: of arm64's mold alone can.
set(packages_to_link "g++")
if(CMAKE_CROSSCOMPILING)
  set(packages_to_link "crossbuild-essential-${architecture}")
endif()
set(linker -fuse-ld=bfd)
if(architecture STREQUAL "arm64")
  set(linker -B/usr/libexec/mold -Wl,--pack-dyn-relocs=relr)
  string(APPEND packages_to_link " mold")
  # Its instructions take the most room: of all for size, as agent/ is everywhere, it is small enough.
  foreach(library IN ITEMS protocols store parsers base)
    target_compile_options(${library} PRIVATE $<$<CONFIG:Release>:-Os>)
  endforeach()
elseif(architecture STREQUAL "amd64")
  list(APPEND linker -Wl,-z,pack-relative-relocs)
endif()
list(APPEND linker ${static_link} -Wl,-z,relro,-z,now -Wl,--gc-sections)
# The map is what cross/sizes.py reads.
target_link_options(rackscout-portable PRIVATE ${linker} -Wl,-Map=${CMAKE_BINARY_DIR}/rackscout-portable.map)
target_link_libraries(rackscout-portable PRIVATE
  -Wl,--start-group ${our_files} ${static_libraries} -Wl,--end-group)

# What cross/relink.sh packs: the LGPL asks for all that linking anew takes.
list(TRANSFORM our_libraries REPLACE "(.+)" "\"$here\"/lib/lib\\1.a" OUTPUT_VARIABLE our_archives)
list(JOIN our_archives " " our_archives)
set(static_names ${static_libraries})
list(REMOVE_ITEM static_names ${RACKSCOUT_LIBMODBUS})
list(TRANSFORM static_names REPLACE ".*/lib(.+)[.]a$" "-l\\1")
list(JOIN static_names " " static_names)
list(JOIN linker " " linker)
configure_file(${PROJECT_SOURCE_DIR}/cross/relink.sh.in ${CMAKE_BINARY_DIR}/relink/relink.sh
               @ONLY FILE_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE
                                      WORLD_READ WORLD_EXECUTE)
configure_file(${PROJECT_SOURCE_DIR}/cross/relink-readme.in ${CMAKE_BINARY_DIR}/relink/README @ONLY)
set(objects $<TARGET_OBJECTS:quick> $<TARGET_OBJECTS:rackscout> $<TARGET_OBJECTS:portable>)
file(GENERATE OUTPUT ${CMAKE_BINARY_DIR}/relink/files
     CONTENT "$<JOIN:${objects},\n>\n--\n$<JOIN:${our_files},\n>\n${RACKSCOUT_LIBMODBUS}\n")
