"""Cases b01 to b17 of the acceptance list: text files in odd encodings, ragged, unclosed, huge, or not text at all."""

from __future__ import annotations

from collections.abc import Callable, Mapping

CHINESE = "编号,Q1,Q2,Q3,意见\nS1,1,2,3,希望多种树\nS2,2,2,2,路灯不亮\nS3,3,3,3,无\n"
PLAIN = "Q1,Q2,Q3\n1,2,3\n"


def mixed() -> bytes:
    """Lines 1 and 2 in UTF-8, line 3 in GB18030."""
    return "编号,Q1,意见\nS1,1,希望多种树\n".encode() + "S2,2,路灯不亮,请修\n".encode("gb18030")


def open_quote() -> bytes:
    return ('Q1,Q2,Q3\n1,"2,3\n' + "1,2,3\n" * 2_000).encode()


def injected() -> bytes:
    return ("编号,Q1,意见\n=1+1,1,好\nS2,2,\"@SUM(1+1)*cmd|'/c calc'!A0\"\n").encode()


PHONES = "编号,电话,Q1\nS1,13800138001,1\nS2,1.38E+10,2\nS3,138 0013 8003,3\nS4,013800138004,4\n"

TEXTS: Mapping[str, tuple[str, Callable[[], bytes]]] = {
    "b01": ("b01.csv", lambda: b"Q1,Q2,Q3\n1,2\x00,3\n"),
    "b02": ("b02.csv", lambda: CHINESE.encode("gb18030")),
    "b03": ("b03.csv", lambda: CHINESE.encode("utf-16")),
    "b04": ("b04.csv", lambda: CHINESE.encode("utf-8-sig")),
    "b05": ("b05.csv", mixed),
    "b06": ("b06.txt", lambda: CHINESE.replace("无", "㐂𠮷镕").encode("gb18030")),
    "b07": ("b07.csv", lambda: b"Q1,Q2,Q3\n1,2,3,4\n1,2\n1,2,3\n"),
    "b08": ("b08.csv", open_quote),
    "b09": ("b09.csv", lambda: 'Q1,Q2,Q3,意见\n1,2,3,"第一行\n第二行"\n2,2,2,无\n'.encode()),
    "b10": ("b10.csv", lambda: b"Q1;Q2;Q3\n1;2;3\n2;2;2\n"),
    "b11": ("b11.csv", lambda: b"sep=,\r\nQ1,Q2,Q3\r\n1,2,3\r\n"),
    "b12": ("b12.csv", lambda: b'Q1,\xe6\x84\x8f\xe8\xa7\x81\n1,"' + b"x" * 49_000_000 + b'"\n'),
    "b13": ("b13.csv", lambda: b",".join(b"Q%d" % i for i in range(200_000)) + b"\n" + b"1," * 199_999 + b"1\n"),
    "b14": ("b14.csv", lambda: b"Q1,Q2,Q3\r1,2,3\r2,2,2\r"),
    "b15": ("b15.csv", injected),
    "b16": ("b16.csv", PHONES.encode),
    "b17": ("b17.csv", lambda: b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 20),
}
