# Answers what the library of systemd makes of texts: JSON of {name: text in base64} on the standard input,
# the kind, section and key as arguments, JSON of {name: answer} on the standard output. The kind choice is
# the last of the values behind the key, as systemd takes names.
import base64, ctypes, glob, json, sys, tempfile

kind, section, key, default, *choices = sys.argv[1:]
texts = {name: base64.b64decode(text) for name, text in json.load(sys.stdin).items()}
lib = ctypes.CDLL(glob.glob("/usr/lib/*/systemd/libsystemd-shared-*.so")[0])
libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
lib.config_parse.argtypes = [ctypes.c_char_p, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p,
                             ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p]


class Item(ctypes.Structure):
    _fields_ = [("section", ctypes.c_char_p), ("key", ctypes.c_char_p), ("parse", ctypes.c_void_p), ("kind", ctypes.c_int), ("data", ctypes.c_void_p)]


Parser = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_uint, ctypes.c_void_p, ctypes.c_uint,
                          ctypes.c_void_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p, ctypes.c_void_p)
values = []
collector = Parser(lambda *args: values.append(args[7]) or 0)
functions = {"boolean": "config_parse_bool", "span": "config_parse_sec", "size": "config_parse_iec_uint64"}


def words(value):
    """Cuts a value into words as the daemons do that have lists of servers."""
    rest, word, all = ctypes.c_char_p(value), ctypes.c_char_p(), []
    while True:
        r = lib.extract_first_word(ctypes.byref(rest), ctypes.byref(word), None, 0)
        if r < 0:
            return all + ["error"]
        if r == 0:
            return all
        all.append(word.value.decode("latin-1"))


def ask(path):
    values.clear()
    number = ctypes.c_uint64(12345)
    parser = ctypes.cast(getattr(lib, functions[kind]) if kind in functions else collector, ctypes.c_void_p)
    table = (Item * 2)(Item(section.encode(), key.encode(), parser, 0, ctypes.addressof(number)), Item())
    lookup = ctypes.cast(lib.config_item_table_lookup, ctypes.c_void_p)
    if lib.config_parse(None, path.encode(), None, section.encode() + b"\0\0", lookup, table, 2, None, None) < 0:
        return "error"
    if kind == "boolean":
        return {57: default}.get(number.value & 255, "no" if number.value & 255 == 0 else "yes")  # 57 is of 12345
    if kind in functions:
        if number.value == 12345:
            return default
        if kind == "span" and number.value == 2**64 - 1:
            return "infinity"
        return f"{number.value / 1_000_000:.6f}".rstrip("0").rstrip(".") if kind == "span" else str(number.value)
    if kind == "choice":
        return ([default] + [v.decode("latin-1") for v in values if v.decode("latin-1") in choices])[-1]
    all = []
    for v in values:
        all = all + words(v) if v else []
    return " ".join(all)


answers = {}
with tempfile.NamedTemporaryFile() as f:
    for name, text in texts.items():
        f.seek(0)
        f.truncate()
        f.write(text)
        f.flush()
        answers[name] = ask(f.name)
json.dump(answers, sys.stdout)
