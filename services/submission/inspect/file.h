/*
 * file.h: the one file that vouch-inspect looks at, as bytes in memory, and the
 * looks at it. Each look gets a file of its own kind, reads nothing outside of
 * it, and adds to the report what a person should know. All bounds are here.
 */
#ifndef FILE_H
#define FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report.h"

enum {
	FILE_MAX = 512 << 20,          /* bytes of a file */
	PIXELS_MAX = 50000000,         /* of a picture, or of a page at 72 dpi */
	EXPANDED_MAX = 20 << 20,       /* bytes that compressed parts may become ... */
	EXPANDED_FACTOR = 40,          /* ... or so many times the file: a table may do that */
	EXPANDED_HARD_MAX = 512 << 20, /* nothing becomes more */
	RATIO_MAX = 200,               /* times the file, from 1 MiB on */
	RATIO_FROM = 1 << 20,
	ENTRIES_MAX = 1000, /* of an archive */
	PARTS_MAX = 10000,  /* of a document that is an archive inside */
	LETTERS_MIN = 5     /* letters and digits, below which a text counts as empty */
};

struct file {
	const uint8_t *data;
	size_t size;
	const char *name;   /* the name that the earner gave, a hint; never NULL */
	char extension[12]; /* of the name, lower case; "" when it has none */
};

/* The looks: one for each family of formats. */
void look_at_pdf(const struct file *file, struct report *report);
void look_at_png(const struct file *file, struct report *report);
void look_at_jpeg(const struct file *file, struct report *report);
void look_at_gif(const struct file *file, struct report *report);
void look_at_webp(const struct file *file, struct report *report);
void look_at_svg(const struct file *file, struct report *report);
void look_at_text(const struct file *file, struct report *report);
void look_at_rtf(const struct file *file, struct report *report);
void look_at_zip(const struct file *file, struct report *report);
void look_at_archive(const struct file *file, struct report *report);
void look_at_ole(const struct file *file, struct report *report);
void look_at_mp4(const struct file *file, struct report *report);
void look_at_matroska(const struct file *file, struct report *report);
void look_at_mp3(const struct file *file, struct report *report);
void look_at_riff(const struct file *file, struct report *report);

/*
 * Looks at FILE: finds out what it is by its bytes, compares that with its name,
 * looks inside, and fills REPORT. Whatever the bytes are, it returns; how much
 * memory and time it takes, the sandbox bounds.
 */
void file_look(const struct file *file, struct report *report);

/* Makes a file of SIZE bytes at DATA with the hint NAME; both are borrowed. */
struct file file_of(const uint8_t *data, size_t size, const char *name);

/* Returns where the N bytes of NEEDLE first stand in DATA; NULL when nowhere. */
const uint8_t *bytes_find(const uint8_t *data, size_t size, const void *needle, size_t n);

/* Says whether DATA begins with the string PREFIX, ASCII letters of either case. */
bool bytes_begin(const uint8_t *data, size_t size, const char *prefix);

/* Says whether WORD is among LIST, words with one space between; either case of ASCII. */
bool word_is_among(const char *word, const char *list);

/* Two bytes of FILE, the big end first, as those below; the caller has checked the bounds. */
static inline uint32_t
be16(const uint8_t *p)
{
	return (uint32_t)p[0] << 8 | p[1];
}

/* Four bytes. */
static inline uint32_t
be32(const uint8_t *p)
{
	return be16(p) << 16 | be16(p + 2);
}

/* Eight bytes. */
static inline uint64_t
be64(const uint8_t *p)
{
	return (uint64_t)be32(p) << 32 | be32(p + 4);
}

/* Two bytes, the little end first. */
static inline uint32_t
le16(const uint8_t *p)
{
	return (uint32_t)p[1] << 8 | p[0];
}

/* Four bytes, the little end first. */
static inline uint32_t
le32(const uint8_t *p)
{
	return le16(p + 2) << 16 | le16(p);
}

/* Says whether the compressed parts of FILE may become TOTAL bytes; else it is a bomb. */
bool expansion_is_sane(const struct file *file, uint64_t total);

/* Adds the problem of a bomb, with the same words for each format. */
void report_bomb(struct report *report);

/* Adds the problem of a program. */
void report_executable(struct report *report);

/* Adds the problem of a file that breaks off or has damaged parts. */
void report_corrupt(struct report *report);

#endif
