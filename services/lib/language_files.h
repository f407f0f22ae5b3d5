/*
 * language_files.h: the catalogues of services/locales, as the build bakes them in.
 */
#ifndef LANGUAGE_FILES_H
#define LANGUAGE_FILES_H

struct language_file {
	const char *language, *area, *text; /* "es", "shell", the JSON */
};

extern const struct language_file language_files[]; /* ends with a NULL language */

#endif
