# What `cmake --install` puts where, and the Debian package that cpack makes of the same.
include(GNUInstallDirs)
set(service ${PROJECT_SOURCE_DIR}/cross/service)
set(manual ${PROJECT_BINARY_DIR}/manual)
set(completions ${PROJECT_BINARY_DIR}/completions)

# Debian 12 keeps units in /lib; below /usr/local systemd looks for all of these, too.
set(RACKSCOUT_UNITS "" CACHE STRING "Where units lie, if not where Debian has them")
set(units "${RACKSCOUT_UNITS}")
if(NOT units AND CMAKE_INSTALL_PREFIX STREQUAL "/usr")
  set(units /lib/systemd/system)
elseif(NOT units)
  set(units lib/systemd/system)
endif()

# The unit names the program twice.
file(READ ${service}/rackscout.service unit)
string(REPLACE "/usr/bin/rackscout" "${CMAKE_INSTALL_FULL_BINDIR}/rackscout" unit "${unit}")
file(CONFIGURE OUTPUT ${PROJECT_BINARY_DIR}/generated/rackscout.service CONTENT "${unit}" @ONLY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${service}/rackscout.service)

install(TARGETS rackscout RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(FILES ${PROJECT_BINARY_DIR}/generated/rackscout.service DESTINATION ${units})
install(FILES ${service}/rackscout.sysusers.conf DESTINATION lib/sysusers.d RENAME rackscout.conf)
install(FILES ${service}/rackscout.tmpfiles.conf DESTINATION lib/tmpfiles.d RENAME rackscout.conf)
install(FILES ${service}/rackscout.toml DESTINATION ${CMAKE_INSTALL_FULL_SYSCONFDIR}/rackscout)
install(DIRECTORY ${service}/examples DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY ${manual}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man1 FILES_MATCHING PATTERN "*.1")
install(DIRECTORY ${manual}/ DESTINATION ${CMAKE_INSTALL_MANDIR}/man5 FILES_MATCHING PATTERN "*.5")
install(FILES ${completions}/rackscout.bash RENAME rackscout
        DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${completions}/_rackscout DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${completions}/rackscout.fish
        DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
file(GLOB documents CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
install(FILES README.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${documents} DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/docs/decisions ${PROJECT_SOURCE_DIR}/docs/images
        DESTINATION ${CMAKE_INSTALL_DOCDIR}/docs)

# --- the Debian package; cross/deb/content.py adds what Debian asks for when it is made ---

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME rackscout)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "${RACKSCOUT_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "inventory of a plant's controllers and modules")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
"rackscout reads the engineering project files that lie around a plant, asks
its controllers what is plugged into their racks, and keeps both as an
inventory of controllers, devices and modules, in one SQLite file.
.
It works as single commands, as a service on a gateway that watches folders
and asks controllers on schedule, and on a walk through a plant without a
network. It only asks what a device is, and never writes to one.
.
The service is started when the package is installed. It asks nobody and
reads nothing until /etc/rackscout/rackscout.toml names targets or folders.")
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_DEPENDS "systemd | systemd-standalone-sysusers | systemd-sysusers")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_STRIP_FILES ON)
set(CPACK_SET_DESTDIR ON)
set(CPACK_INSTALL_PREFIX /usr)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
    OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(control ${PROJECT_BINARY_DIR}/control)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    ${control}/conffiles ${control}/preinst ${control}/postinst ${control}/prerm ${control}/postrm)

if(CMAKE_SYSROOT)
  set(CPACK_RACKSCOUT_ROOT ${CMAKE_SYSROOT})
else()
  set(CPACK_RACKSCOUT_ROOT /)
  set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
endif()
set(CPACK_RACKSCOUT_MULTIARCH ${CMAKE_LIBRARY_ARCHITECTURE})
set(CPACK_RACKSCOUT_SOURCE ${PROJECT_SOURCE_DIR})
set(CPACK_RACKSCOUT_BUILD ${PROJECT_BINARY_DIR})
set(CPACK_PRE_BUILD_SCRIPTS ${CMAKE_CURRENT_LIST_DIR}/package_content.cmake)
if(CMAKE_LIBRARY_ARCHITECTURE MATCHES "^x86_64")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE amd64)
elseif(CMAKE_LIBRARY_ARCHITECTURE MATCHES "^aarch64")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE arm64)
elseif(CMAKE_LIBRARY_ARCHITECTURE MATCHES "^arm-.*hf$")
  set(CPACK_DEBIAN_PACKAGE_ARCHITECTURE armhf)
endif()
include(CPack)
