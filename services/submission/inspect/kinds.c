#include "kinds.h"

#include <ctype.h>
#include <string.h>

static bool
begins(const struct file *file, const char *magic, size_t n)
{
	return file->size >= n && memcmp(file->data, magic, n) == 0;
}

/* Where the first thing that is neither a byte order mark nor white space stands. */
static size_t
first_word(const struct file *file)
{
	size_t at = begins(file, "\xef\xbb\xbf", 3) ? 3 : 0;

	while (at < file->size && at < 1024 && isspace(file->data[at]))
		at++;
	return at;
}

static bool
is_empty(const struct file *file)
{
	return file->size == 0;
}

static bool
is_pe(const struct file *file)
{
	/* A text may begin with these letters; a program has zeros in its header. */
	return begins(file, "MZ", 2) && file->size >= 64 && memchr(file->data, 0, 64) != NULL;
}

static bool
is_elf(const struct file *file)
{
	return begins(file, "\177ELF", 4);
}

static bool
is_mach(const struct file *file)
{
	return begins(file, "\xfe\xed\xfa\xce", 4) || begins(file, "\xfe\xed\xfa\xcf", 4) ||
	    begins(file, "\xce\xfa\xed\xfe", 4) || begins(file, "\xcf\xfa\xed\xfe", 4) ||
	    (begins(file, "\xca\xfe\xba\xbe", 4) && file->size > 8);
}

static bool
is_shell(const struct file *file)
{
	return begins(file, "#!", 2);
}

/* Windows: a link can start any program; a dex file is a program for Android. */
static bool
is_lnk(const struct file *file)
{
	return begins(file, "L\0\0\0\x01\x14\x02\0", 8);
}

static bool
is_dex(const struct file *file)
{
	return begins(file, "dex\n03", 6);
}

/* ISO 32000-1, implementation note 13: readers take a header within the first 1024 bytes. */
static bool
is_pdf(const struct file *file)
{
	size_t window = file->size < 1024 ? file->size : 1024;

	return bytes_find(file->data, window, "%PDF-", 5) != NULL;
}

static bool
is_png(const struct file *file)
{
	return begins(file, "\x89PNG\r\n\x1a\n", 8);
}

static bool
is_jpeg(const struct file *file)
{
	return begins(file, "\xff\xd8\xff", 3);
}

static bool
is_gif(const struct file *file)
{
	return begins(file, "GIF87a", 6) || begins(file, "GIF89a", 6);
}

static bool
is_webp(const struct file *file)
{
	return file->size >= 16 && begins(file, "RIFF", 4) && memcmp(file->data + 8, "WEBP", 4) == 0;
}

static bool
is_zip(const struct file *file)
{
	return begins(file, "PK\x03\x04", 4) || begins(file, "PK\x05\x06", 4);
}

static bool
is_7z(const struct file *file)
{
	return begins(file, "7z\xbc\xaf\x27\x1c", 6);
}

static bool
is_rar(const struct file *file)
{
	return begins(file, "Rar!\x1a\x07", 6);
}

static bool
is_gzip(const struct file *file)
{
	return begins(file, "\x1f\x8b\x08", 3);
}

static bool
is_bzip2(const struct file *file)
{
	return begins(file, "BZh", 3) && file->size > 10 && memcmp(file->data + 4, "1AY&SY", 6) == 0;
}

static bool
is_xz(const struct file *file)
{
	return begins(file, "\3757zXZ", 6);
}

static bool
is_zstd(const struct file *file)
{
	return begins(file, "\x28\xb5\x2f\xfd", 4);
}

static bool
is_tar(const struct file *file)
{
	return file->size >= 512 && memcmp(file->data + 257, "ustar", 5) == 0;
}

static bool
is_ole(const struct file *file)
{
	return begins(file, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", 8);
}

static bool
has_brand(const struct file *file, const char *brands)
{
	for (; file->size >= 12 && memcmp(file->data + 4, "ftyp", 4) == 0 && *brands != '\0'; brands += 4)
		if (memcmp(file->data + 8, brands, 4) == 0)
			return true;
	return false;
}

static bool
is_heic(const struct file *file)
{
	return has_brand(file, "heicheixhevchevxmif1msf1heimheis");
}

static bool
is_avif(const struct file *file)
{
	return has_brand(file, "avifavis");
}

static bool
is_mov(const struct file *file)
{
	return has_brand(file, "qt  ") ||
	    (file->size >= 12 &&
		(memcmp(file->data + 4, "moov", 4) == 0 || memcmp(file->data + 4, "wide", 4) == 0 ||
		    memcmp(file->data + 4, "mdat", 4) == 0));
}

static bool
is_m4a(const struct file *file)
{
	return has_brand(file, "M4A M4B ");
}

static bool
is_mp4(const struct file *file)
{
	return file->size >= 12 && memcmp(file->data + 4, "ftyp", 4) == 0;
}

static bool
is_matroska(const struct file *file)
{
	return begins(file, "\x1a\x45\xdf\xa3", 4);
}

static bool
is_webm(const struct file *file)
{
	return is_matroska(file) &&
	    bytes_find(file->data, file->size < 128 ? file->size : 128, "webm", 4) != NULL;
}

static bool
is_mp3(const struct file *file)
{
	return begins(file, "ID3", 3) ||
	    (file->size >= 4 && file->data[0] == 0xff && (file->data[1] & 0xe6) == 0xe2 &&
		(file->data[2] & 0xf0) != 0xf0 && (file->data[2] & 0x0c) != 0x0c);
}

static bool
is_wav(const struct file *file)
{
	return file->size >= 12 && begins(file, "RIFF", 4) && memcmp(file->data + 8, "WAVE", 4) == 0;
}

static bool
is_avi(const struct file *file)
{
	return file->size >= 12 && begins(file, "RIFF", 4) && memcmp(file->data + 8, "AVI ", 4) == 0;
}

static bool
is_ogg(const struct file *file)
{
	return begins(file, "OggS\0", 5);
}

static bool
is_flac(const struct file *file)
{
	return begins(file, "fLaC", 4);
}

static bool
is_tiff(const struct file *file)
{
	return begins(file, "II*\0", 4) || begins(file, "MM\0*", 4);
}

static bool
is_bmp(const struct file *file)
{
	return begins(file, "BM", 2) && file->size > 26 && le32(file->data + 6) == 0 &&
	    le32(file->data + 14) <= 124;
}

static bool
is_rtf(const struct file *file)
{
	return begins(file, "{\\rtf", 5);
}

static bool
is_svg(const struct file *file)
{
	size_t at = first_word(file);
	size_t window = file->size - at < 4096 ? file->size - at : 4096;

	return bytes_begin(file->data + at, window, "<svg") ||
	    ((bytes_begin(file->data + at, window, "<?xml") || bytes_begin(file->data + at, window, "<!") ||
		 strcmp(file->extension, "svg") == 0) &&
		bytes_find(file->data + at, window, "<svg", 4) != NULL);
}

static bool
is_php(const struct file *file)
{
	size_t at = first_word(file);

	return bytes_begin(file->data + at, file->size - at, "<?php") ||
	    bytes_begin(file->data + at, file->size - at, "<?=");
}

static bool
is_html(const struct file *file)
{
	static const char *const tags[] = {"<!doctype html", "<html", "<head", "<body", "<script", "<iframe",
		"<style", "<title", "<!--", "<img", "<a href", "<div", "<table", "<meta", "<object", "<embed",
		NULL};
	size_t at = first_word(file);

	for (const char *const *tag = tags; *tag != NULL; tag++)
		if (bytes_begin(file->data + at, file->size - at, *tag))
			return true;
	return word_is_among(file->extension, "html htm xhtml shtml mht mhtml hta");
}

static bool
is_any(const struct file *file)
{
	(void)file;
	return true;
}

static const struct kind kinds[] = {
	{"empty", is_empty, NULL, ""},
	{"pe", is_pe, NULL, ""},
	{"elf", is_elf, NULL, ""},
	{"mach", is_mach, NULL, ""},
	{"lnk", is_lnk, NULL, ""},
	{"dex", is_dex, NULL, ""},
	{"shell", is_shell, NULL, ""},
	{"php", is_php, NULL, ""},
	{"png", is_png, look_at_png, "png"},
	{"jpeg", is_jpeg, look_at_jpeg, "jpg jpeg jpe jfif"},
	{"gif", is_gif, look_at_gif, "gif"},
	{"webp", is_webp, look_at_webp, "webp"},
	{"zip", is_zip, look_at_zip, "zip"},
	{"7z", is_7z, look_at_archive, "7z"},
	{"rar", is_rar, look_at_archive, "rar"},
	{"gzip", is_gzip, look_at_archive, "gz tgz"},
	{"bzip2", is_bzip2, look_at_archive, "bz2 tbz tbz2"},
	{"xz", is_xz, look_at_archive, "xz txz"},
	{"zstd", is_zstd, look_at_archive, "zst"},
	{"tar", is_tar, look_at_archive, "tar"},
	{"ole", is_ole, look_at_ole, "doc dot xls xlt ppt pps pot msg docx xlsx pptx"},
	{"heic", is_heic, NULL, "heic heif"},
	{"avif", is_avif, NULL, "avif"},
	{"mov", is_mov, look_at_mp4, "mov qt mp4 m4v"},
	{"m4a", is_m4a, look_at_mp4, "m4a m4b mp4"},
	{"mp4", is_mp4, look_at_mp4, "mp4 m4v m4a mov 3gp 3g2"},
	{"webm", is_webm, look_at_matroska, "webm mkv"},
	{"mkv", is_matroska, look_at_matroska, "mkv mka webm"},
	{"wav", is_wav, look_at_riff, "wav"},
	{"avi", is_avi, look_at_riff, "avi"},
	{"ogg", is_ogg, NULL, "ogg oga ogv opus"},
	{"flac", is_flac, NULL, "flac"},
	{"tiff", is_tiff, NULL, "tif tiff"},
	{"bmp", is_bmp, NULL, "bmp dib"},
	{"pdf", is_pdf, look_at_pdf, "pdf"},
	{"rtf", is_rtf, look_at_rtf, "rtf doc"},
	{"svg", is_svg, look_at_svg, "svg"},
	{"html", is_html, NULL, "html htm xhtml"},
	{"mp3", is_mp3, look_at_mp3, "mp3 mp2 mpga"},
	{"txt", is_any, look_at_text, ""},
};

const struct kind *
kind_of(const struct file *file)
{
	const struct kind *kind = kinds;

	/* The last one takes every file. */
	while (!kind->is(file))
		kind++;
	return kind;
}
