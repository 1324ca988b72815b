# Answers what libpwquality, or pam_faillock, make of texts: JSON of {name: text in base64} on the standard
# input, the name of a setting as argument, JSON of {name: answer} on the standard output.
import base64, ctypes, json, os, struct, sys, tempfile

key = sys.argv[1]
texts = {name: base64.b64decode(text) for name, text in json.load(sys.stdin).items()}

# The numbers of the settings are those of pwquality.h.
numbers = {"minlen": 3, "dcredit": 4, "dictcheck": 15, "enforcing": 17, "enforce_for_root": 19}


def ask_pwquality(path):
    lib = ctypes.CDLL("libpwquality.so.1")
    lib.pwquality_default_settings.restype = ctypes.c_void_p
    pwq = ctypes.c_void_p(lib.pwquality_default_settings())
    problem = ctypes.c_void_p()
    lib.pwquality_read_config(pwq, path.encode(), ctypes.byref(problem))  # pam_pwquality goes on behind an error
    value = ctypes.c_int()
    if lib.pwquality_get_int_value(pwq, numbers[key], ctypes.byref(value)):
        return "error"
    return str(value.value)


talk = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_int, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p)(lambda *_: 19)


hurry = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_uint, ctypes.c_void_p)(lambda *_: None)


clock = ctypes.CDLL(None).time  # which the module reads, and which may lag behind that of Python
clock.restype = ctypes.c_long


class Conversation(ctypes.Structure):
    _fields_ = [("talk", ctypes.c_void_p), ("data", ctypes.c_void_p)]


def enters(folder, failures, age):
    """Reports whether somebody who failed so often, so many seconds ago, may try again."""
    while True:
        now = clock(None)
        entered = try_once(folder, failures, now - age)
        if clock(None) == now:
            return entered


def try_once(folder, failures, when):
    pam = ctypes.CDLL("libpam.so.0")
    with open(folder + "/tally/nobody", "wb") as f:
        f.write(struct.pack("52sHHQ", b"x", 0, 1, when) * failures)  # valid
    conversation = Conversation(ctypes.cast(talk, ctypes.c_void_p), None)
    handle = ctypes.c_void_p()
    if pam.pam_start_confdir(b"one", b"nobody", ctypes.byref(conversation), (folder + "/pam.d").encode(), ctypes.byref(handle)):
        raise OSError("pam_start_confdir")
    pam.pam_set_item(handle, 10, ctypes.cast(hurry, ctypes.c_void_p))  # PAM_FAIL_DELAY
    code = pam.pam_authenticate(handle, 0)
    pam.pam_end(handle, code)
    return code == 0


def ask_faillock(path):
    folder = os.path.dirname(path)
    os.makedirs(folder + "/tally", exist_ok=True)
    os.makedirs(folder + "/pam.d", exist_ok=True)
    with open(folder + "/pam.d/one", "w") as f:
        f.write(f"auth required pam_faillock.so preauth conf={path} dir={folder}/tally\nauth required pam_permit.so\n")
    if not enters(folder, 0, 0):
        return "error"
    if key == "deny":
        return next((str(n) for n in range(1, 40) if not enters(folder, n, 0)), "0")
    if enters(folder, 39, 0):
        return "none"
    low, high = 0, 700_000
    if not enters(folder, 39, high):
        return "0"
    while low < high:
        middle = (low + high) // 2
        if enters(folder, 39, middle):
            high = middle
        else:
            low = middle + 1
    return str(low - 1)  # the last second in which nobody enters


answers = {}
with tempfile.TemporaryDirectory() as folder:
    for name, text in texts.items():
        path = folder + "/a.conf"
        with open(path, "wb") as f:
            f.write(text)
        answers[name] = ask_pwquality(path) if key in numbers else ask_faillock(path)
json.dump(answers, sys.stdout)
