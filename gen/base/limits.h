/* Every limit on what comes from outside, each with its reason; a caller who exceeds one gets a message that names it, unless the line says what happens
 * instead. Bounds of a file format that others made (columns of Excel, digits of a cross reference) and constants of a method (how far to look ahead)
 * stand in the file that knows the format or the method. `make fuzz` builds with a few of them smaller: the way to a limit is the same. */
#ifndef VB_LIMITS_H
#define VB_LIMITS_H

/* ---- figures and messages ----------------------------------------------------------------------------------- */
#define VB_DEC_PLACES_MAX 9                  /* 10^9 fits beside a 10-digit integer part in an int64 */
#define VB_MSG_ARGS 6                        /* no message needs more to say what, where and what to do */
#define VB_MSG_ARG_BYTES 256                 /* a quoted cell in a message; longer text is cut with … */
#define VB_FINDINGS_PER_RULE 200             /* more of one rule are counted, not listed */

/* ---- files that are read ------------------------------------------------------------------------------------ */
#define VB_INPUT_BYTES_MAX (512u << 20)      /* a province's values in one CSV are 60 MB; memory is the bound */
#define VB_CSV_COLUMNS_MAX 4096              /* a wide table holds one column a unit: 3,321 communes */
#define VB_FIELD_BYTES_MAX (1u << 20)        /* a cell of text; the longest seed paragraph has 5 KB */
#define VB_TEXT_BYTES_MAX (4u << 20)         /* one narrative file */
#define VB_XML_BYTES_MAX (128u << 20)        /* an XML tree takes 8 times its file */
#define VB_XML_DEPTH_MAX 64                  /* the deepest template nests 20 elements */
#define VB_XML_NODES_MAX 8000000             /* bounds memory of one tree */
#define VB_RNG_INCLUDE_DEPTH_MAX 8           /* schemas that include schemas; ours include one */
#define VB_RNG_REF_DEPTH_MAX 64              /* definitions of definitions followed to explain a fault; beyond it the explanation says less */
#define VB_RNG_VALUE_DEPTH_MAX 32            /* the same for the values that an attribute may have */
#define VB_ZIP_ENTRIES_MAX 4096              /* a workbook has a part a sheet and a few */
#define VB_ZIP_BYTES_MAX (512u << 20)        /* all parts of a workbook unpacked */
#define VB_ZIP_RATIO_MAX 200                 /* deflate of honest XML stays under 50 */
#define VB_PROFILE_BYTES_MAX (1u << 20)      /* a colour profile; sRGB has 3 to 60 KB */
#define VB_FONT_BYTES_MAX (64u << 20)        /* the largest serif with CJK has 30 MB */
#define VB_FONT_PROGRAMS_KEPT 8              /* of a face, deflated, in a process: 7 KB each. Of 60 reports of one template two faces have one or two, two have 40 */
#define VB_FONT_DEPTH_MAX 8                  /* composites in composites: real fonts have 1 or 2, the format's usual bound is 5 to 8 */
#define VB_FONT_TABLES_MAX 512               /* tables of a face looked at to tell its name; real ones have 30 */
#define VB_FONT_NAMES_BYTES_MAX (1u << 20)   /* Times New Roman, with names in 20 languages, has 20 KB */

/* ---- jobs --------------------------------------------------------------------------------------------------- */
#define VB_JOB_DOCUMENTS_MAX 2000            /* kinds of documents in one job; an office makes a dozen in a year, and each runs for any number of units */
#define VB_TASKS_MAX 200000                  /* units times documents: the country with 20 documents a commune has 66,420 */
#define VB_PARTIES_MAX 256                   /* addressees or recipients of one document: more than a page of them */
#define VB_OUTPUTS_MAX 78                    /* files of one document: four formats, trace, package, archive records, and 64 appendices in files of their own */
#define VB_PREVIEW_PAGES_MAX 500             /* pictures of one document, 80 KB each, held until they are written */
#define VB_PICTURE_BYTES_MAX (64u << 20)     /* one of them, as the program that draws it left it */
#define VB_MANIFEST_BYTES_MAX (512u << 20)   /* 20,000 documents with 200 findings each take 300 MB */
#define VB_FRAME_BYTES_MAX (256u << 20)      /* a record of one made document: 200 findings a rule, and a file a slot, are a few MB. A longer one is refused as damaged */
#define VB_TRACE_BYTES_MAX (512u << 20)      /* the trace of one document; 3 KB a figure at most */
#define VB_TRACE_PAGE_MAX 1000000            /* the number of a page in one; 50 times VB_DOC_PAGES_MAX */
#define VB_FOLDER_DEPTH_MAX 8                /* folders in an output folder that verify looks into; a job's has one level. A deeper one is told as a file of nobody */
#define VB_MAPPING_BYTES_MAX (1u << 20)      /* the table of archive fields; ours has 20 KB */

/* ---- expressions and templates ------------------------------------------------------------------------------ */
#ifndef VB_SQL_STEPS_MAX
#define VB_SQL_STEPS_MAX 50000000            /* virtual machine steps of one statement: seconds, not hours */
#endif
#define VB_SQL_DOCUMENT_STEPS_MAX 1000000000 /* of all long statements of one document: loops in loops end after seconds, not hours */
#define VB_SQL_LENGTH_MAX (64u << 10)        /* one statement; the longest of a form has 2 KB */
#define VB_SQL_TEXT_MAX (256u << 10)         /* a text that an expression makes or reads: a list of 3,321 names has 130 KB */
#define VB_SQL_BYTES_MAX (128u << 20)        /* memory of one statement's sorting and recursion; 100,000 rows sort in 20 MB */
#define VB_SOURCES_MAX 512                   /* sources listed for one figure; a total over more is traced by its number of units */
#define VB_DATA_COLUMNS_MAX 1000             /* of a table in a kept database: SQLite allows 2,000, and what a kept file says is not believed */
#define VB_STORE_FILES_MAX (4 << 20)         /* numbers of input files in a database; 20,000 units with ten files each are 200,000. A kept file that says more is damaged */
#define VB_INCLUDE_DEPTH_MAX 16              /* includes of includes; recursion is an error */
#define VB_INCLUDES_MAX 2000                 /* parts that one template expands to, so that includes of includes cannot multiply; the largest has 20 */
#define VB_LOOP_DEPTH_MAX 16                 /* nested <for> */

/* ---- documents ---------------------------------------------------------------------------------------------- */
#define VB_DOC_NODES_MAX 3000000             /* bounds memory of one document, 200 bytes a node: 600 MB. 20,000 rows of 20 columns, the largest table kept, have 1.2 million */
#define VB_DOC_DEPTH_MAX 48                  /* sequence > table > row > cell > list > item > para > text is 9; lists nest at most a few times */
#define VB_DOC_PAGES_MAX 20000               /* a 100,000-row appendix has 4,000 */
#define VB_SPELLINGS_MAX 16384              /* of words that the rules on words keep from document to document, 150 bytes each; a report of 25 pages has 1,500. So many texts of cells, too. Beyond it they begin anew */
#define VB_TABLE_COLUMNS_MAX 64              /* narrower columns than 2.5 mm cannot be read */
#define VB_TABLE_STREAM_ROWS 20000           /* above this a table is streamed, never held as nodes */
#define VB_MEMO_PARAS 1024                   /* paragraphs whose lines a process remembers, 600 bytes each: a report of 130 rows and 25 pages has 265 of more than a line */
#define VB_MEMO_BYTES 384                    /* of the text of one: the longest label of our forms has 300 */
#define VB_MEMO_LINES 12                     /* of one: 300 bytes in a column of 4 cm */
#define VB_FORMULA_DEPTH_MAX 64              /* formulas of formulas in a workbook; a form has five levels. Beyond it the figure stands without one */

/* ---- what is compared in a document --------------------------------------------------------------------------- */
#define VB_CHECK_ACTS_MAX 400                /* acts cited, each compared with each; the longest seed cites 60. Those beyond it are not, and a message says where that begins */
#define VB_CHECK_TARGETS_MAX 600             /* targets in per cent, each compared with each; a plan has 80. Likewise */

/* ---- packages and signatures -------------------------------------------------------------------------------- */
#define VB_EDXML_BYTES_USUAL (50u << 20)     /* a gateway of the axis takes no more (regulations.md 4.4): a larger package is told of, and made */
#define VB_EDXML_FILE_BYTES_MAX (256u << 20) /* one attachment unpacked */
#ifndef VB_P12_ROUNDS_MAX
#define VB_P12_ROUNDS_MAX 10000000           /* of the passphrase's function, in all parts of a key file: NIST SP 800-132 names so many for the most critical keys */
#endif
#define VB_P12_BYTES_MAX (4u << 20)          /* a key with its chain has 10 KB */
#define VB_PNG_SIDE_MAX 4096                 /* pixels of a signature's or seal's image; 36 mm at 600 dpi are 850 */
#define VB_PNG_BYTES_MAX (16u << 20)         /* the file of one */
#define VB_PDF_BYTES_MAX (1u << 30)          /* a PDF that is signed or judged, and a package with it: offsets and signatures' ranges are written with 10 digits */
#define VB_PDF_NUMBER_MAX 8388607            /* objects of a PDF (ISO 32000-1 annex C) */
#define VB_PDF_SECTIONS_MAX 1000             /* updates of one PDF, a signature each */
#define VB_PDF_XREF_BYTES_MAX (256u << 20)   /* a cross reference stream unpacked */
#define VB_PDF_DEPTH_MAX 64                  /* arrays in dictionaries in arrays; real files have 10 */
#define VB_PDF_VALUES_MAX 4000000            /* values read of one PDF: bounds memory */
#define VB_PDF_CHAIN_MAX 32                  /* references to references */
#define VB_PDF_OBJSTM_BYTES_MAX (64u << 20)  /* an object stream unpacked */
#define VB_PDF_OBJSTM_DEPTH_MAX 4            /* an object stream whose own entries lie in another one, and so on; real files have 1 */
#define VB_PDF_PACKED_MAX (1u << 20)         /* objects in one object stream */
#define VB_PDF_TREE_DEPTH_MAX 40             /* levels of a tree of pages or fields */
#define VB_PDF_TREE_NODES_MAX 2000000        /* nodes of one */
#define VB_PDF_ELEMENT_DEPTH_MAX 20          /* levels of the parent tree searched for a free number; beyond it the trailer's own is used */
#define VB_PDF_ELEMENTS_MAX 100000           /* nodes of it */
#define VB_PDF_METADATA_BYTES_MAX (4u << 20) /* XMP of a PDF; ours has 2 KB */

#endif
