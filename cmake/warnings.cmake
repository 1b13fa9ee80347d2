# Every target of ours links `warnings`; each flag has its reason.
add_library(warnings INTERFACE)
target_compile_options(warnings INTERFACE
  -Wall -Wextra -Werror     # a warning is a mistake until shown otherwise
  -Wno-missing-field-initializers  # designated initialisers name what differs from the default
  -Wconversion              # lengths from files and packets must not be cut silently
  -Wshadow                  # two things of one name in one scope mislead the reader
  -Wold-style-cast          # a cast says which cast it is
  -Woverloaded-virtual -Wnon-virtual-dtor
  -Wnull-dereference
  $<$<CXX_COMPILER_ID:GNU>:-Wduplicated-cond -Wlogical-op -Wsuggest-override>
  # GCC 12 reports null dereferences inside inlined libstdc++ containers at -O2.
  # It also takes inlined std::string appends for overlapping copies, and the frame of an
  # Asio coroutine for memory of another allocator.
  $<$<AND:$<CXX_COMPILER_ID:GNU>,$<CONFIG:Release,RelWithDebInfo>>:-Wno-null-dereference;-Wno-restrict;-Wno-mismatched-new-delete>)

if(CMAKE_LIBRARY_ARCHITECTURE STREQUAL "arm-linux-gnueabihf")
  # Notes that GCC 7 changed how some arguments are passed: of no matter, where all is newer.
  target_compile_options(warnings INTERFACE -Wno-psabi)
endif()

# Hardening for everything that runs on a gateway.
target_compile_options(warnings INTERFACE
  -fstack-protector-strong -ffunction-sections -fdata-sections)
if(NOT RACKSCOUT_SANITIZE)
  target_compile_options(warnings INTERFACE $<$<CONFIG:Release>:-D_FORTIFY_SOURCE=2>)
endif()
target_compile_definitions(warnings INTERFACE
  _FILE_OFFSET_BITS=64          # large files on 32-bit ARM
  JSON_USE_IMPLICIT_CONVERSIONS=0
  BOOST_ASIO_NO_DEPRECATED
  BOOST_ASIO_SEPARATE_COMPILATION)  # see base/async.cpp
if(CMAKE_SIZEOF_VOID_P EQUAL 4)
  # Dates after 2038. Debian 12's libraries for 32-bit ARM have a time_t of 32 bits: none is ever
  # handed a time_t, timespec, timeval or stat (docs/decisions/018-time-on-32-bit-arm.md).
  target_compile_definitions(warnings INTERFACE _TIME_BITS=64)
endif()
target_link_options(warnings INTERFACE -Wl,-z,relro,-z,now -Wl,--gc-sections)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
include(CheckPIESupported)
check_pie_supported()

if(RACKSCOUT_SANITIZE)
  add_compile_options(-fsanitize=${RACKSCOUT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${RACKSCOUT_SANITIZE})
  add_compile_definitions(_GLIBCXX_ASSERTIONS)  # a span's and an optional's bounds, too
  if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
    # "Cannot represent a difference across sections" in clang 14's coroutines.
    add_compile_options(-fno-sanitize=function)
  endif()
endif()

find_program(CCACHE ccache)
if(CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD AND NOT CMAKE_CROSSCOMPILING)  # Debian's cross gcc does not find it
  add_link_options(-fuse-ld=mold)
endif()
