/*
 * word.h: the words of vouchctl, a function for each.
 *
 * argv[0] is the word itself, the arguments follow. Every word returns the exit status: 0, 1 for
 * a finding, 2 for bad use, with the reason on standard error.
 */
#ifndef WORD_H
#define WORD_H

enum { WORD_OK = 0, WORD_FINDING = 1, WORD_BAD_USE = 2 };

/*
 * vouchctl calendar due: when a review is due, and why (CLK-1, N-2). A finding: the holiday file
 * holds something that was not understood; the answer is printed all the same, without it.
 */
int word_calendar(int argc, char **argv);

/*
 * vouchctl check text|evidence: personal information in a text (DRF-5), what evidence is and
 * whether it can be opened (EVD-1, EVD-2). A finding: something was found, a file is not simply
 * accepted. vouch-inspect must stand beside the program.
 */
int word_check(int argc, char **argv);

/*
 * vouchctl clock set|advance|show: moves the test clock of an installation that has one. Without
 * one it is bad use: a real clock is nobody's to move.
 */
int word_clock(int argc, char **argv);

/* vouchctl status: whether the installation and each of its services answer. A finding: not all do. */
int word_status(int argc, char **argv);

/*
 * vouchctl catalog import|search. Import writes and publishes one micro-credential a line; lines of
 * other catalogs are brought into shape (foreign.h). A finding: a line was refused; the others are in.
 */
int word_catalog(int argc, char **argv);

/* vouchctl articles import|search: help articles, one a line. A finding: a line was refused. */
int word_articles(int argc, char **argv);

/*
 * vouchctl credential verify: is this credential signed by the key it names, and what does it say?
 * A finding: it is not, or it is no longer valid.
 */
int word_credential(int argc, char **argv);

/* vouchctl sla rebuild: makes the timers of all review clocks anew from the records. */
int word_sla(int argc, char **argv);

/*
 * vouchctl demo load: people, catalog, articles and work in every state, on a new installation.
 * Once more, it adds what is missing.
 */
int word_demo(int argc, char **argv);

#endif
