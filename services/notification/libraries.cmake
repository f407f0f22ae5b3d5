set(libraries PkgConfig::CURL PkgConfig::GMIME)
