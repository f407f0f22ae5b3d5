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

#endif
