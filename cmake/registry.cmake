# register_module(<target> <name>): adds the sources of <name>/ to <target> and
# the symbol <name>::module to its generated registry, in the order of the calls.
function(register_module target name)
  file(GLOB sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${name}/*.cpp)
  target_sources(${target} PRIVATE ${sources})
  set_property(TARGET ${target} APPEND PROPERTY REGISTRY_NAMES ${name})
endfunction()

# generate_registry(<target>): writes <target>.inc from the registered modules.
function(generate_registry target)
  get_target_property(names ${target} REGISTRY_NAMES)
  set(lines "")
  foreach(name IN LISTS names)
    string(APPEND lines "MODULE(${name})\n")
  endforeach()
  file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/${target}.inc CONTENT "${lines}" @ONLY)
  target_include_directories(${target} PRIVATE ${CMAKE_CURRENT_BINARY_DIR})
endfunction()
