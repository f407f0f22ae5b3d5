# What vouch-inspect reads hostile files with.
pkg_check_modules(EXPAT REQUIRED IMPORTED_TARGET expat)
pkg_check_modules(QPDF REQUIRED IMPORTED_TARGET libqpdf)
pkg_check_modules(WEBPDEMUX REQUIRED IMPORTED_TARGET libwebpdemux)
set(inspect_libraries PkgConfig::SECCOMP PkgConfig::ARCHIVE PkgConfig::PNG PkgConfig::JPEG PkgConfig::WEBP
  PkgConfig::WEBPDEMUX PkgConfig::ZLIB PkgConfig::EXPAT PkgConfig::QPDF gif)
