# Run by cpack once the files of `cmake --install` are together, before they are packed: adds what
# Debian asks of a package, and what the package needs.
execute_process(
  COMMAND ${CPACK_RACKSCOUT_SOURCE}/cross/deb/content.py
          --stage ${CPACK_TEMPORARY_INSTALL_DIRECTORY} --folder ${CPACK_RACKSCOUT_BUILD}
          --root ${CPACK_RACKSCOUT_ROOT} --multiarch ${CPACK_RACKSCOUT_MULTIARCH}
          --architecture ${CPACK_DEBIAN_PACKAGE_ARCHITECTURE} --version ${CPACK_PACKAGE_VERSION}
          --maintainer ${CPACK_PACKAGE_CONTACT}
  OUTPUT_VARIABLE depends OUTPUT_STRIP_TRAILING_WHITESPACE RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "cross/deb/content.py failed: there is no package")
endif()
# dpkg-shlibdeps knows the libraries of this machine, not those of a sysroot.
if(NOT CPACK_DEBIAN_PACKAGE_SHLIBDEPS)
  set(CPACK_DEBIAN_PACKAGE_DEPENDS "${depends}, ${CPACK_DEBIAN_PACKAGE_DEPENDS}")
endif()
