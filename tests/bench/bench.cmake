# The programs of scripts/bench. They are built with everything else, so that they keep working.
# A line "// links: a b" names the libraries that one needs beside the lib, as in the tests.
file(GLOB BENCHES CONFIGURE_DEPENDS tests/bench/*.c)
foreach(source ${BENCHES})
  get_filename_component(name ${source} NAME_WE)
  file(STRINGS ${source} links REGEX "^// links: ")
  string(REGEX REPLACE "// links: *" "" links "${links}")
  separate_arguments(links)
  add_executable(bench_${name} ${source})
  set_target_properties(bench_${name} PROPERTIES OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bench)
  target_compile_options(bench_${name} PRIVATE ${WARNINGS})
  target_link_libraries(bench_${name} PRIVATE ${links} vouch_lib)
endforeach()
