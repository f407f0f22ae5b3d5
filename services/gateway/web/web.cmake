# The web part: node builds it, below the build folder alone. ASSETS_C is the table
# that carries the result into the gateway.

find_program(NODE node REQUIRED)
find_program(NPM npm REQUIRED)
set(WEB ${CMAKE_SOURCE_DIR}/services/gateway/web)
set(WEB_BUILD ${CMAKE_BINARY_DIR}/web)
set(ASSETS_C ${GEN}/assets.c)
file(MAKE_DIRECTORY ${WEB_BUILD}/gen)
# The sources are seen through a link beside node_modules, so that node, esbuild and tsc find packages by their
# ordinary rules and nothing is written into the source tree.
file(CREATE_LINK ${WEB} ${WEB_BUILD}/src SYMBOLIC)
set(WEB_NODE ${NODE} --preserve-symlinks --preserve-symlinks-main)

add_custom_command(OUTPUT ${WEB_BUILD}/installed
  COMMAND ${CMAKE_COMMAND} -E copy ${WEB}/package.json ${WEB}/package-lock.json ${WEB}/.npmrc ${WEB_BUILD}
  COMMAND ${NPM} ci --ignore-scripts --prefer-offline --no-progress --loglevel=error
  COMMAND ${CMAKE_COMMAND} -E touch ${WEB_BUILD}/installed
  DEPENDS ${WEB}/package.json ${WEB}/package-lock.json ${WEB}/.npmrc
  WORKING_DIRECTORY ${WEB_BUILD} COMMENT "Installing what the web part is built with" VERBATIM)

set(WEB_SOURCES)
foreach(pattern *.mjs app/*.tsx parts/*.tsx views/*.ts views/*.tsx lib/*.ts enhance/*.ts style/*.css static/*)
  file(GLOB found CONFIGURE_DEPENDS ${WEB}/${pattern})
  list(APPEND WEB_SOURCES ${found})
endforeach()
file(GLOB WEB_LOCALES CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/services/locales/*/*.json)
set(WEB_LOCALES_AT --locales ${CMAKE_SOURCE_DIR}/services/locales)

add_custom_command(OUTPUT ${ASSETS_C}
  COMMAND ${WEB_NODE} src/build.mjs ${WEB_LOCALES_AT} --out ${WEB_BUILD}/assets --table ${ASSETS_C}
  DEPENDS ${WEB_BUILD}/installed ${WEB_SOURCES} ${WEB_LOCALES}
  WORKING_DIRECTORY ${WEB_BUILD} COMMENT "Building the web part" VERBATIM)

# Types: the API's from its OpenAPI document, the messages' from the catalogue.
add_custom_command(OUTPUT ${WEB_BUILD}/gen/schema.d.ts
  COMMAND ${NODE} node_modules/openapi-typescript/bin/cli.js ${GEN}/openapi.json -o gen/schema.d.ts
  DEPENDS ${WEB_BUILD}/installed ${GEN}/openapi.json
  WORKING_DIRECTORY ${WEB_BUILD} VERBATIM)
add_custom_command(OUTPUT ${WEB_BUILD}/gen/catalogue.d.ts
  COMMAND ${WEB_NODE} src/build.mjs ${WEB_LOCALES_AT} --declare gen/catalogue.d.ts
  DEPENDS ${WEB_BUILD}/installed ${WEB}/build.mjs ${WEB}/words.mjs ${WEB_LOCALES}
  WORKING_DIRECTORY ${WEB_BUILD} VERBATIM)
file(GLOB WEB_TESTS CONFIGURE_DEPENDS ${WEB}/test/*.ts)
add_custom_command(OUTPUT ${WEB_BUILD}/typed
  COMMAND ${NODE} node_modules/typescript/bin/tsc --project src/tsconfig.json
  COMMAND ${CMAKE_COMMAND} -E touch typed
  DEPENDS ${WEB_BUILD}/gen/schema.d.ts ${WEB_BUILD}/gen/catalogue.d.ts ${WEB}/tsconfig.json ${WEB_SOURCES} ${WEB_TESTS}
  WORKING_DIRECTORY ${WEB_BUILD} COMMENT "Checking the types of the web part" VERBATIM)
add_custom_command(OUTPUT ${WEB_BUILD}/tests.built
  COMMAND ${WEB_NODE} src/build.mjs ${WEB_LOCALES_AT} --tests tests
  COMMAND ${CMAKE_COMMAND} -E touch tests.built
  DEPENDS ${WEB_BUILD}/installed ${WEB_SOURCES} ${WEB_TESTS} ${WEB_LOCALES}
  WORKING_DIRECTORY ${WEB_BUILD} VERBATIM)
add_custom_target(web_types DEPENDS ${WEB_BUILD}/typed)
add_custom_target(web_tests DEPENDS ${WEB_BUILD}/tests.built)
