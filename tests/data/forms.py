"""The log of data forms: tables as people have them, each made for the purpose, and what they must be read as.

`FORMS` is for every way in. A form says its numbers, or what its refusal must name: never one without the other. `ways`
are those in which it can come: "cells" pasted into a table, "text" pasted into a field, "upload" of a file.
"""

from __future__ import annotations

from dataclasses import dataclass

from convexviz.data import Choice, Task

Line = int | None


@dataclass(frozen=True)
class Form:
    """One table.

    Attributes
    ----------
    source : a text, or the bytes of a file.
    x, y : the points in the columns chosen; weights : those of the points.
    says, lines : of a refusal, a part of its words, and the lines of its faults.
    choice : the columns; None for those that are suggested.
    dropped : rows with gaps.
    notes : parts of what is told about the reading.
    ways : in which it can come.
    """

    name: str
    source: str | bytes
    x: tuple[float, ...] = ()
    y: tuple[float, ...] = ()
    weights: tuple[float, ...] = ()
    says: str = ""
    lines: tuple[Line, ...] = ()
    choice: Choice | None = None
    task: Task = "regression"
    positive: str | None = None
    dropped: int = 0
    notes: tuple[str, ...] = ()
    ways: tuple[str, ...] = ()

    @property
    def cells(self) -> list[list[str]]:
        """As a clipboard brings it into a table: tabs between the cells."""
        assert isinstance(self.source, str)
        return [row.split("\t") for row in self.source.splitlines()]

    @property
    def upload(self) -> bytes:
        """As a file."""
        return self.source if isinstance(self.source, bytes) else self.source.encode()


def _ways(source: str | bytes) -> tuple[str, ...]:
    if isinstance(source, bytes):
        return ("upload",)
    pasted = "\t" in source and not any(mark in source for mark in '"#|\r\ufeff') and "sep=" not in source
    return ("cells", "text", "upload") if pasted else ("text", "upload")


def _good(name: str, source: str | bytes, x: object, y: object, *notes: str, **more: object) -> Form:
    return Form(name, source, tuple(x), tuple(y), notes=notes, ways=_ways(source), **more)  # type: ignore[arg-type]


def _bad(name: str, source: str | bytes, says: str, *lines: Line, **more: object) -> Form:
    return Form(name, source, says=says, lines=lines, ways=_ways(source), **more)  # type: ignore[arg-type]


A, B = (1.5, 2.5), (3.0, 4.25)  # the points of most forms
PLAIN = "x,y\n1.5,3\n2.5,4.25\n"
GERMAN = "Größe;y\n1,5;3\n2,5;4,25\n"

ENCODINGS = (
    _good("UTF-8", GERMAN.encode(), A, B, "The comma parts decimals"),
    _good("UTF-8 with a byte order mark", GERMAN.encode("utf-8-sig"), A, B),
    _good("a byte order mark in a text", "\ufeff" + PLAIN, A, B),
    _good("UTF-16, little end first", b"\xff\xfe" + GERMAN.encode("utf-16-le"), A, B, "UTF-16"),
    _good("UTF-16, big end first", b"\xfe\xff" + GERMAN.encode("utf-16-be"), A, B, "UTF-16"),
    _good("UTF-16 without a mark, little end first", PLAIN.encode("utf-16-le"), A, B, "UTF-16"),
    _good("UTF-16 without a mark, big end first", PLAIN.encode("utf-16-be"), A, B, "UTF-16"),
    _good("UTF-32", b"\xff\xfe\x00\x00" + PLAIN.encode("utf-32-le"), A, B, "UTF-32"),
    _good("Windows-1252", GERMAN.encode("cp1252"), A, B, "Windows-1252"),
    _good("Windows-1252 with a typographic minus", "x;y\n\u20131,5;3\n2,5;4\n".encode("cp1252"), (-1.5, 2.5), (3, 4)),
    _good("Latin-1", b"Gr\xf6\x81e;y\n1,5;3\n2,5;4,25\n", A, B, "Latin-1"),
    _good("Mac Roman", GERMAN.replace("ß", "s").encode("mac-roman"), A, B, "Mac Roman"),
    _good("line ends of Windows", PLAIN.replace("\n", "\r\n"), A, B),
    _good("line ends of old Macs", PLAIN.replace("\n", "\r").encode(), A, B),
    _good("line ends of mainframes", PLAIN.replace("\n", "\x85"), A, B),
    _good("no end of the last line", PLAIN.strip(), A, B),
    _bad("an Excel file", b"PK\x03\x04\x14\x00\x06\x00", "Excel (xlsx)", None),
    _bad("an old Excel file", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old Excel", None),
    _bad("a PDF", b"%PDF-1.7\n", "got a PDF", None),
    _bad("a picture", b"\x89PNG\r\n\x1a\n", "picture", None),
    _bad("a packed file", b"\x1f\x8b\x08\x00", "gzip", None),
    _bad("a zero byte in the text", b"x,y\n1,2\n3\x00,4\n", "character that no text has", 3),
    _bad("UTF-16 that breaks off", b"\xff\xfe" + PLAIN.encode("utf-16-le")[:-1], "UTF-16, as its first bytes say", 3),
    _bad("nothing", "", "at least one row", None),
    _bad("nothing but blanks", " \n\t\n", "at least one row", None),
    _bad("a header alone", "x,y\n", "at least one row", None),
)

SEPARATORS = (
    _good("commas", PLAIN, A, B, "separated by commas"),
    _good("commas and spaces", "x, y\n1.5, 3\n2.5, 4.25\n", A, B, "separated by commas"),
    _good("semicolons", PLAIN.replace(",", ";"), A, B, "separated by semicolons"),
    _good("tabs", PLAIN.replace(",", "\t"), A, B),
    _good("vertical bars", PLAIN.replace(",", "|"), A, B, "vertical bars"),
    _good("spaces", "x y\n1.5 3\n2.5 4.25\n", A, B, "separated by spaces"),
    _good("runs of spaces and a margin", "   x     y\n 1.5  3.00\n 2.5  4.25  \n", A, B),
    _good("names with a space between columns apart", "wind speed   force\n1.5          3\n2.5          4.25\n", A, B),
    _good("spaces and decimal commas", "1,5 3\n2,5 4,25\n", A, B, "The comma parts decimals"),
    _good("tabs and decimal commas", "1,5\t3\n2,5\t4,25\n", A, B),
    _good("semicolons and decimal commas", GERMAN, A, B),
    _good("commas in quotes are decimal signs", 'x,y\n"1,5","3"\n"2,5","4,25"\n', A, B, "The comma parts decimals"),
    _good("Excel's sep= line", "sep=;\nx;y\n1,5;3\n2,5;4,25\n", A, B, "semicolons"),
    _good("Excel's sep= line with a comma", "sep=,\r\nx,y\r\n1.5,3\r\n2.5,4.25\r\n", A, B),
    _good("quotes round everything", '"x","y"\n"1.5","3"\n"2.5","4.25"\n', A, B),
    _good("a separator in quotes", '"x, in m",y\n1.5,3\n2.5,4.25\n', A, B),
    _good("quotes in quotes", '"x ""raw""",y\n1.5,3\n2.5,4.25\n', A, B),
    _good("a line end in quotes", '"x\nin m",y\n1.5,3\n2.5,4.25\n', A, B),
    _good("a gap at the end of a row", "x;y\n1,5;3\n9;\n2,5;4,25\n", A, B, "semicolons", dropped=1),
    _good("a gap at the end of a row of decimal commas", "1,5;3,0\n9,5;\n2,5;4,25\n", A, B, "semicolons", dropped=1),
    _good("gaps at the end of most rows", "a;b;c\n1,5;3;\n2,5;4,25;\n1;1;1\n", (*A, 1), (*B, 1)),
    _good("separators at the end", "x,y,\n1.5,3,\n2.5,4.25,\n", A, B),
    _good("separators at the end of the rows only", "x,y\n1.5,3,\n2.5,4.25,\n", A, B),
    _good("empty columns and rows of a spreadsheet", "x;y;;\n1,5;3;;\n2,5;4,25;;\n;;;\n;;;\n", A, B),
    _good("blank lines", "\n\nx,y\n\n1.5,3\n   \n2.5,4.25\n\n", A, B),
    _good("comments", "# made in May, by hand\nx,y\n1.5,3\n# pause\n2.5,4.25\n", A, B),
    _good("Markdown", "| x | y |\n|---|--:|\n| 1.5 | 3 |\n| 2.5 | 4.25 |\n", A, B),
    _good(
        "a table drawn in a terminal",
        "+-----+------+\n| x   | y    |\n+-----+------+\n| 1.5 | 3    |\n| 2.5 | 4.25 |\n",
        A,
        B,
    ),
    _good("a title above", "Measured by hand\n\nx,y\n1.5,3\n2.5,4.25\n", A, B, "1 line above the table left out"),
    _good("R's row names", '"x" "y"\n"a" 1.5 3\n"b" 2.5 4.25\n', A, B),
    _bad("a quote never closed", 'x,y\n1.5,3\n"2.5,4\n5,6\n', "Quotes must be closed", 3),
    _bad("a quote closed too early", 'x,y\n"1"5,3\n2,4\n', "Quotes must be closed", 2),
    _bad("a short row", "x,y,z\n1,2,3\n4,5\n6,7,8\n", "got 2 in line 3", 3),
    _bad("short and long rows at once", "x,y\n1,2\n3\n4,5\n6,7,8\n9,9\n", "got 3 in line 5", 3, 5),
    _bad("decimal commas between commas", "x,y\n1,5,2,5\n2,5,4,5\n3,5,6,5\n", "separate columns by semicolons", 1),
    _bad("commas and spaces that may both separate", "-241,343 115.353,3132\n", "commas and spaces", None),
    _bad("one column", "1\n2\n", "must have", None),
    _bad("HTML", "<table><tr><td>1</td><td>2</td></tr></table>", "got HTML", 1),
    _bad("JSON", '[{"x": 1.5, "y": 3}]', "got JSON", 1),
)

NUMBERS = (
    _good("decimal commas pasted", "1,4\t0,5\n", (1.4,), (0.5,), "The comma parts decimals"),
    _good("decimal points pasted", "1.4\t0.5\n", (1.4,), (0.5,)),
    _good("thousands by commas", 'x,y\n"1,000.5",1\n"2,000",2\n', (1000.5, 2000), (1, 2)),
    _good("thousands by commas twice", 'x,y\n"1,000,000",1\n"2,000",2\n', (1e6, 2000), (1, 2)),
    _good("thousands by points", "1.234,5;3\n2.000;4\n", (1234.5, 2000), (3, 4), "parts decimals"),
    _good("thousands by points twice", "1.234.567\t3\n2.000\t4\n", (1234567, 2000), (3, 4)),
    _good("thousands by blanks", "1 234,5\t3\n12 000\t4\n", (1234.5, 12000), (3, 4)),
    _good("thousands by no-break spaces", "1\u00a0234,5;3\n2\u00a0000;4\n", (1234.5, 2000), (3, 4)),
    _good("thousands by no-break spaces between spaces", "1\u00a0234.5 3\n2\u00a0000 4\n", (1234.5, 2000), (3, 4)),
    _good("thousands by thin spaces", "1\u2009234.5\t3\n2\u202f000\t4\n", (1234.5, 2000), (3, 4)),
    _good("thousands by apostrophes", "1'234.5;3\n2\u2019000;4\n", (1234.5, 2000), (3, 4)),
    _good("lakhs", 'x,y\n"12,34,567.5",1\n"1,000",2\n', (1234567.5, 1000), (1, 2)),
    _good("another column shows what the comma is", "1,234\t0,5\n2,345\t0,7\n", (1.234, 2.345), (0.5, 0.7), "1,234"),
    _good("another column shows what the point is", "1.234;0.5\n2.345;0.7\n", (1.234, 2.345), (0.5, 0.7), "1.234"),
    _good("decimal commas and a word for a gap", "1,5  3\n9,5  NA\n2,5  4,25\n", A, B, "two spaces or more", dropped=1),
    _good(
        "points between commas", "1.234,2.345\n3.456,4.567\n", (1.234, 3.456), (2.345, 4.567), "where commas separate"
    ),
    _good("minus signs of typesetters", "x\ty\n\u22121.5\t3\n2\t4\n", (-1.5, 2), (3, 4)),
    _good("dashes for minus", "x\ty\n\u20131.5\t3\n2\t4\n", (-1.5, 2), (3, 4)),
    _good("negatives of accountants", "x\ty\n(1.5)\t3\n(1,200.0)\t4\n", (-1.5, -1200), (3, 4)),
    _good("apostrophes of spreadsheets", "x\ty\n'1.5\t3\n'2.5\t4\n", A, (3, 4)),
    _good("formulas that keep text", 'x,y\n="1.5",3\n="2.5",4\n', A, (3, 4)),
    _good("exponents", "x,y\n1e-3,1E3\n2.5e+00,.5\n", (1e-3, 2.5), (1e3, 0.5)),
    _good("exponents with decimal commas", "1,5e-3\t3\n2,5E2\t4\n", (1.5e-3, 250), (3, 4)),
    _good("exponents with the minus of typesetters", "1.5e\u22123\t3\n2.5\t4\n", (1.5e-3, 2.5), (3, 4)),
    _good("signs, and points without digits beside", "x,y\n+.5,1.\n-0.25,2\n", (0.5, -0.25), (1, 2)),
    _good("the same unit everywhere", "x\ty\n3 kg\t1\n4.5kg\t2\n", (3, 4.5), (1, 2), "'kg' taken off"),
    _good("percent", "x;y\n3%;1\n4,5 %;2\n", (3, 4.5), (1, 2), "'%' taken off"),
    _good("a currency", "x\ty\n$3.50\t1\n-$4\t2\n", (3.5, -4), (1, 2), "'$' taken off"),
    _good("a currency behind", "x;y\n3,50 €;1\n1.234,00 €;2\n", (3.5, 1234), (1, 2), "'€' taken off"),
    _good(
        "all digits of a float", "0.1,0.30000000000000004\n1e308,5e-324\n", (0.1, 1e308), (0.30000000000000004, 5e-324)
    ),
    _good("zeros in front", "x,y\n007,1\n010,2\n", (7, 10), (1, 2)),
    _good("marks of both kinds that have one reading each", "1.5\t1\n2,5\t2\n", A, (1, 2), "both points and commas"),
    _bad("commas that may part thousands", "1,234\t5\n2,345\t6\n", "it may be 1.234 or 1234", 1, 2),
    _bad("points that may part thousands", "1.234;5\n2.345;6\n", "it may be 1.234 or 1234", 1, 2),
    _bad("points that may part thousands, pasted", "1.234\t5\n2.345\t6\n", "it may be 1.234 or 1234", 1, 2),
    _bad("commas in quotes that may part thousands", 'x,y\n"1,000",5\n"2,000",6\n', "it may be 1.0 or 1000", 2, 3),
    _bad("a doubt in a column of both marks", "1.5\t1\n2,5\t2\n3,250\t3\n", "it may be 3.25 or 3250", 3),
    _bad("thousands parted in the wrong place", 'x,y\n1,2\n"12,34.5",3\n4,5\n', "got '12,34.5' in line 3", 3),
    _bad("two decimal signs", "x,y\n1.5,2\n1.2.3,4\n", "got '1.2.3' in line 3", 3),
    _bad("underscores", "x,y\n1,2\n1_000,3\n", "got '1_000' in line 3", 3),
    _bad("Fortran's exponents", "x,y\n1.5,2\n1.5d3,3\n", "write 1.5e3", 3),
    _bad("hexadecimal digits", "x,y\n1,2\n0x1F,3\n", "decimal digits", 3),
    _bad("digits of another script", "x,y\n1,2\n\u0661\u0662,3\n", "digits 0 to 9", 3),
    _bad("wide digits", "x,y\n1,2\n\uff11,3\n", "digits 0 to 9", 3),
    _bad("other units", "x\ty\n3 kg\t1\n4 kg\t2\n5 g\t3\n", "same unit, 'kg', got '5 g'", 4),
    _bad("a unit left out", "x\ty\n3 kg\t1\n4 kg\t2\n5\t3\n", "same unit, 'kg', got '5'", 4),
    _bad("infinity", "x,y\n1,2\ninf,3\n", "must be finite", 3),
    _bad("a number beyond all floats", "x,y\n1,2\n1e999,3\n", "must be finite", 3),
    _bad("an error of a spreadsheet", "x,y\n1,2\n#DIV/0!,3\n4,5\n", "a formula went wrong", 3),
    _bad("a truth value among numbers", "x,y\n1,2\nTRUE,3\n4,5\n", "got 'TRUE' in line 3", 3),
    _bad("a word among numbers", "x,y\n1,2\n3,four\n5,6\n", "got 'four' in line 3", 3),
    _bad("every fault at once", "x,y\n1,2\nno,3\n\n4,bad\n5,6\n7,8\n", "got 'bad' in line 5", 3, 5),
    _bad("faults counted by lines of the file", '# made\nx,y,"a\nb"\n1,2,u\n\n3,four,v\n5,6,w\n', "in line 6", 6),
    _bad("a word in the first row of numbers", "one,2\n3,4\n", "got 'one' in line 1", 1),
)

COLUMNS = (
    _good("no header", "1.5,3\n2.5,4.25\n", A, B),
    _good("an index without a name", ",x,y\n0,1.5,3\n1,2.5,4.25\n", A, B),
    _good("an index that pandas named", "Unnamed: 0,x,y\n0,1.5,3\n1,2.5,4.25\n", A, B),
    _good("an index that counts from 1", "id;x;y\n1;1,5;3\n2;2,5;4,25\n", A, B),
    _good("whole numbers that count are x where they are named so", "x,y\n1,3\n2,4.25\n", (1, 2), B),
    _good("texts beside the numbers", "who,x,y\nann,1.5,3\nbob,2.5,4.25\n", A, B),
    _good("two columns of one name", "x,x\n1.5,3\n2.5,4.25\n", A, B, "is called 'x (2)'"),
    _good("units below the names", "t\tv\n(s)\t[m/s]\n1,5\t3\n2,5\t4,25\n", A, B, "name the columns and their units"),
    _good("units below the names, without brackets", "t;v\ns;m/s\n1,5;3\n2,5;4,25\n", A, B),
    _bad("a unit in the name, another in the cells", "m (g)\ty\n3 kg\t1\n4 kg\t2\n", "'g' in 'm (g)' and 'kg'", None),
    _bad("words below the names", "x,y\nno,idea\n1,2\n3,4\n", "got 'idea' in line 2", 2, 2),
    _good("units in the names", "speed (m/s),force [N]\n1.5,3\n2.5,4.25\n", A, B),
    _good("a target that is named", "y,x\n3,1.5\n4.25,2.5\n", A, B),
    _good("columns chosen by name", "a,b,c\n9,3,1.5\n9,4.25,2.5\n", A, B, choice=Choice(("c",), "b")),
    _good("weights", "x,y,weights\n1.5,3,1\n2.5,4.25,2\n", A, B, weights=(1, 2)),
    _good("years are numbers", "year,y\n2024,3\n2025,4.25\n", (2024, 2025), B),
    _good("serial numbers of Excel's days", "day,y\n45000,3\n45001,4.25\n", (45000, 45001), B),
    _good("dates", "day,y\n2025-01-01,3\n1970-01-02,4.25\n", (20089, 1), B, "day is counted in days"),
    _good("dates and times", "t,y\n1970-01-02 06:00,3\n1970-01-03T12:00:00,4.25\n", (1.25, 2.5), B),
    _good("times with a zone", "t,y\n1970-01-02T06:00:00Z,3\n1970-01-03T13:00:00+01:00,4.25\n", (1.25, 2.5), B, "UTC"),
    _good("German dates", "t;y\n02.01.1970;3\n31.12.1970;4,25\n", (1, 364), B),
    _good("American dates", "t,y\n1/2/1970,3\n12/31/1970,4.25\n", (1, 364), B, "month first"),
    _good("British dates", "t,y\n2/1/1970,3\n31/12/1970,4.25\n", (1, 364), B, "day first"),
    _good("months in words", "t\ty\n2 Jan 1970\t3\nDec 31, 1970\t4.25\n", (1, 364), B),
    _good("dates pasted with decimal commas", "02.01.1970\t3\n31.12.1970\t4,25\n", (1, 364), B),
    _good("gaps", "x,y\n1.5,3\n,1\n2.5,4.25\n7,\n", A, B, "2 rows with gaps left out", dropped=2),
    _good("words for gaps", "x,y\n1.5,3\nNA,1\n#N/A,1\n7,null\n2.5,4.25\nnan,-\n8,None\n", A, B, dropped=5),
    _good("gaps elsewhere do not count", "x,z,y\n1.5,,3\n2.5,9,4.25\n", A, B, choice=Choice(("x",), "y")),
    _good("an empty column between", "x,,y\n1.5,,3\n2.5,,4.25\n", A, B),
    _good("two classes", "x,kind\n1,a\n2,b\n3,a\n", (1, 2, 3), (-1, 1, -1), "'b' is +1", task="classification"),
    _good("truth values", "x,ok\n1,TRUE\n2,FALSE\n3,TRUE\n", (1, 2, 3), (1, -1, 1), task="classification"),
    _good("classes 0 and 1", "x\ty\n1\t0\n2\t1\n3\t1\n4\t0\n", (1, 2, 3, 4), (-1, 1, 1, -1), task="classification"),
    _good("classes -1 and 1", "x\ty\n1\t-1\n2\t1\n3\t1\n4\t-1\n", (1, 2, 3, 4), (-1, 1, 1, -1), task="classification"),
    _good(
        "one class against the others",
        "x,k\n1,a\n2,b\n3,c\n4,c\n5,b\n6,a\n",
        range(1, 7),
        (-1, 1, -1, -1, 1, -1),
        "the 2 other classes are -1",
        task="classification",
        positive="b",
    ),
    _bad("three classes", "x,k\n1,a\n2,b\n3,c\n4,c\n5,b\n6,a\n", "a third, 'c', in line 4", 4, task="classification"),
    _bad("one class", "x,k\n1,a\n2,a\n3,a\n", "got only 'a'", None, task="classification"),
    _bad(
        "a class that is not there", "x,k\n1,a\n2,b\n", "did you mean 'a'", None, task="classification", positive="aa"
    ),
    _bad("dates that may be read twice", "t,y\n1/2/2025,3\n3/4/2025,4\n", "2025-02-01 or 2025-01-02", 2, 3),
    _bad("no such day", "t,y\n2025-01-01,3\n2025-02-30,4\n", "there is no such day", 3),
    _bad("years of two digits", "t;y\n01.02.25;3\n31.12.25;4\n", "four digits", 2, 3),
    _bad("zones here and there", "t,y\n2025-01-01T06:00Z,3\n2025-01-01T07:00,4\n", "time zone or none", 3),
    _bad("a word among dates", "t,y\n2025-01-01,3\nsoon,4\n2025-01-02,4\n", "got 'soon' in line 3", 3),
    _bad(
        "texts chosen as numbers",
        "who,x\nann,1\nbob,2\nann,3\n",
        "got 'who' with words",
        None,
        choice=Choice(("who",), "x"),
    ),
    _bad("a column that is not there", "a,b\n1,2\n", "got 'c'", None, choice=Choice(("a",), "c")),
    _bad("one column twice", "a,b\n1,2\n", "got 'a' for two", None, choice=Choice(("a",), "a")),
    _bad("only gaps", "x,y\n1,\n,2\n3,NA\n", "without gaps", None, choice=Choice(("x",), "y")),
    _bad("weights below zero", "x,y,weights\n1,3,1\n2,4,-2\n", "must not be negative", 3),
    _bad("words everywhere", "a,b\nred,blue\ngreen,white\n", "of numbers or dates", None),
)

FORMS = (*ENCODINGS, *SEPARATORS, *NUMBERS, *COLUMNS)
