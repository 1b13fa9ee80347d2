# Debian's armhf: 32-bit ARM from ARMv7 with VFPv3 on, little-endian, hard-float.
set(architecture armhf)
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(CMAKE_LIBRARY_ARCHITECTURE arm-linux-gnueabihf)
set(emulator qemu-arm-static)
include(${CMAKE_CURRENT_LIST_DIR}/toolchain.cmake)
