# Included: the interface library `version`, whose version.hpp says what was built.
# Run by each build with -P: writes that header, and touches it only when it changes.
if(NOT CMAKE_SCRIPT_MODE_FILE)
  set(generated ${PROJECT_BINARY_DIR}/generated)
  add_custom_target(version_header
    COMMAND ${CMAKE_COMMAND} -DSOURCE=${PROJECT_SOURCE_DIR} -DVERSION=${PROJECT_VERSION}
            -DHEADER=${generated}/version.hpp -P ${CMAKE_CURRENT_LIST_FILE}
    BYPRODUCTS ${generated}/version.hpp
    COMMENT "" VERBATIM)
  add_library(version INTERFACE)
  target_include_directories(version INTERFACE ${generated})
  add_dependencies(version version_header)
  return()
endif()

cmake_minimum_required(VERSION 3.25)
set(commit unknown)
# Of what was built, not of when: SOURCE_DATE_EPOCH, else the commit's.
set(date "")
if(DEFINED ENV{SOURCE_DATE_EPOCH})
  string(TIMESTAMP date "%Y-%m-%d" UTC)
endif()
find_program(GIT git)
if(GIT)
  # Without optional locks a build never gets in the way of a git command.
  execute_process(COMMAND ${CMAKE_COMMAND} -E env GIT_OPTIONAL_LOCKS=0
                          ${GIT} -C ${SOURCE} describe --always --dirty --abbrev=12
                  OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE
                  ERROR_QUIET RESULT_VARIABLE status)
  if(status EQUAL 0 AND described)
    set(commit ${described})
  endif()
  if(NOT date)
    execute_process(COMMAND ${CMAKE_COMMAND} -E env TZ=UTC0 ${GIT} -C ${SOURCE} log -1
                            --date=format-local:%Y-%m-%d --format=%cd
                    OUTPUT_VARIABLE date OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  endif()
endif()
if(NOT date)
  file(TIMESTAMP ${SOURCE}/CHANGELOG.md date "%Y-%m-%d" UTC)
endif()
# Writes only when something changed.
file(CONFIGURE OUTPUT ${HEADER} CONTENT "#pragma once

#define RACKSCOUT_VERSION \"${VERSION}\"
#define RACKSCOUT_COMMIT \"${commit}\"
#define RACKSCOUT_DATE \"${date}\"
")
