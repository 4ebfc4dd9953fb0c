/* Every limit of the program, each with its reason. Exceeding one gives a message that names it. */
#ifndef VB_LIMITS_H
#define VB_LIMITS_H

#define VB_DEC_PLACES_MAX 9                 /* 10^9 fits beside a 10-digit integer part in an int64 */
#define VB_MSG_ARGS 6                       /* no message needs more to say what, where and what to do */
#define VB_MSG_ARG_BYTES 256                /* a quoted cell in a message; longer text is cut with … */
#define VB_INPUT_BYTES_MAX (512u << 20)     /* a province's values in one CSV are 60 MB; memory is the bound */
#define VB_XML_BYTES_MAX (128u << 20)       /* an XML tree takes 8 times its file */
#define VB_XML_DEPTH_MAX 64                 /* the deepest template nests 20 elements */
#define VB_XML_NODES_MAX 8000000            /* bounds memory of one tree */
#define VB_CSV_COLUMNS_MAX 4096             /* a wide table holds one column a unit: 3,321 communes */
#define VB_FIELD_BYTES_MAX (1u << 20)       /* a cell of text; the longest seed paragraph has 5 KB */
#define VB_TEXT_BYTES_MAX (4u << 20)        /* one narrative file */
#ifndef VB_SQL_STEPS_MAX
#define VB_SQL_STEPS_MAX 50000000           /* virtual machine steps of one statement: seconds, not hours; the fuzz build takes fewer */
#endif
#define VB_SQL_LENGTH_MAX (64u << 10)        /* one statement; the longest of a form has 2 KB */
#define VB_SQL_TEXT_MAX (256u << 10)        /* a text that an expression makes or reads: a list of 3,321 names has 130 KB */
#define VB_SQL_BYTES_MAX (128u << 20)       /* memory of one statement's sorting and recursion; 100,000 rows sort in 20 MB */
#define VB_SOURCES_MAX 512                  /* sources listed for one figure; a total over more is traced by its number of units */
#define VB_DOC_NODES_MAX 20000000           /* one document tree */
#define VB_DOC_DEPTH_MAX 48                 /* sequence > table > row > cell > list > item > para > text is 9; lists nest at most a few times */
#define VB_DOC_PAGES_MAX 20000              /* a 100,000-row appendix has 4,000 */
#define VB_TABLE_COLUMNS_MAX 64             /* narrower columns than 2.5 mm cannot be read */
#define VB_TABLE_STREAM_ROWS 20000          /* above this a table is streamed, never held as nodes */
#define VB_INCLUDE_DEPTH_MAX 16             /* includes of includes; recursion is an error */
#define VB_INCLUDES_MAX 2000                /* parts that one template expands to, so that includes of includes cannot multiply; the largest has 20 */
#define VB_LOOP_DEPTH_MAX 16                /* nested <for> */
#define VB_ZIP_ENTRIES_MAX 4096             /* a workbook has a part a sheet and a few */
#define VB_ZIP_BYTES_MAX (512u << 20)       /* all parts of a workbook unpacked */
#define VB_ZIP_RATIO_MAX 200                /* deflate of honest XML stays under 50 */
#define VB_FINDINGS_PER_RULE 200            /* more of one rule are counted, not listed */
#define VB_FONT_BYTES_MAX (64u << 20)       /* the largest serif with CJK has 30 MB */

#endif
