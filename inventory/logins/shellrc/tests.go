package shellrc

import (
	"io/fs"
	"strconv"
	"strings"
)

// found is what is known of a file.
type found struct {
	there, sure bool // sure means that it is as on the running system
	mode        fs.FileMode
	size        int64
	modes       bool // the mode is known
}

// test runs [ and test.
func (x *run) test(st *state, name string, args []val, raw []string) answer {
	if name == "[" {
		if len(args) == 0 || args[len(args)-1].text != "]" {
			return no // a mistake
		}
		args = args[:len(args)-1]
	}
	if !x.plain(raw) && len(args) != len(raw)-is01(name == "[") { // words that became none or several
		return x.counted(st, args)
	}
	return x.counted(st, args)
}

func is01(b bool) int {
	if b {
		return 1
	}
	return 0
}

// plain reports whether no word can become another number of words.
func (x *run) plain(raw []string) bool {
	for _, w := range raw {
		if strings.Contains(w, "$") && !strings.HasPrefix(w, `"`) {
			return false
		}
	}
	return true
}

// counted judges by the number of arguments, as POSIX has it, with -a and -o beyond.
func (x *run) counted(st *state, a []val) answer {
	for _, v := range a {
		if !v.known && !v.filled && len(a) != 2 && len(a) != 3 && len(a) != 1 {
			break
		}
	}
	switch {
	case len(a) == 0:
		return no
	case a[0].known && a[0].text == "!" && len(a) > 1:
		return x.counted(st, a[1:]).not()
	case len(a) == 1:
		return filled(a[0])
	case len(a) == 2:
		if !a[0].known {
			return perhaps
		}
		return x.unary(st, a[0].text, a[1])
	case len(a) == 3 && a[1].known:
		if a[1].text != "-a" && a[1].text != "-o" {
			return x.binary(a[0], a[1].text, a[2])
		}
	}
	// -o binds less than -a.
	for _, op := range []string{"-o", "-a"} {
		for i, v := range a {
			if i > 0 && i < len(a)-1 && v.known && v.text == op {
				left, right := x.counted(st, a[:i]), x.counted(st, a[i+1:])
				if op == "-o" {
					return left.or(right)
				}
				return left.and(right)
			}
		}
	}
	return perhaps
}

func filled(v val) answer {
	switch {
	case v.known:
		return is(v.text != "")
	case v.filled:
		return yes
	}
	return perhaps
}

func (x *run) unary(st *state, op string, v val) answer {
	switch op {
	case "-n":
		return filled(v)
	case "-z":
		return filled(v).not()
	case "-v":
		if v.known && x.Bash {
			return x.get(st, v.text).set
		}
		return perhaps
	case "-t":
		return perhaps
	}
	if len(op) != 2 || !strings.Contains("efrdsxwhLgukpSbcO", op[1:]) || !v.known || strings.Contains(v.text, "\x00") {
		return perhaps
	}
	if v.text == "" {
		return no
	}
	if !strings.HasPrefix(v.text, "/") {
		return perhaps
	}
	f, err := x.look(v.text)
	if err != nil {
		x.err = err
		return perhaps
	}
	if !f.sure {
		return perhaps
	}
	if !f.there {
		return no
	}
	switch op {
	case "-e":
		return yes
	case "-f":
		return is(f.mode.IsRegular())
	case "-d":
		return is(f.mode.IsDir())
	case "-s":
		if f.mode.IsDir() {
			return yes
		}
		return is(f.size > 0)
	case "-r", "-w":
		bit := fs.FileMode(0o004)
		if op == "-w" {
			bit = 0o002
		}
		switch {
		case x.Root:
			return yes
		case f.modes && f.mode&bit != 0:
			return yes
		case f.modes && f.mode&(bit|bit<<3|bit<<6) == 0:
			return no
		}
	case "-x":
		switch {
		case f.mode.IsDir() && x.Root:
			return yes
		case !f.modes:
		case x.Root:
			return is(f.mode&0o111 != 0)
		case f.mode&0o001 != 0:
			return yes
		case f.mode&0o111 == 0:
			return no
		}
	}
	return perhaps
}

func (x *run) binary(a val, op string, b val) answer {
	switch op {
	case "=", "==":
		if op == "==" && !x.Bash {
			return no // a mistake in dash
		}
		return equal(a, b)
	case "!=":
		return equal(a, b).not()
	}
	n, known1 := number(a)
	m, known2 := number(b)
	if a.known && !known1 || b.known && !known2 {
		if strings.Contains(a.text+b.text, "\x00") {
			return perhaps
		}
		if _, ok := compare(op, 0, 0); ok {
			return no // a mistake
		}
		return perhaps
	}
	switch {
	case known1 && known2:
		if r, ok := compare(op, n, m); ok {
			return is(r)
		}
	case a.number && known2 && m < firstUser:
		// A number of firstUser or more against a lesser one.
		if r, ok := compare(op, firstUser, m); ok {
			return is(r)
		}
	case a.number && known2 && m == firstUser && (op == "-ge" || op == "-lt"):
		return is(op == "-ge")
	case b.number && known1 && n < firstUser:
		if r, ok := compare(op, n, firstUser); ok {
			return is(r)
		}
	}
	return perhaps
}

// firstUser is the least number of an account of a person.
const firstUser = 1000

func compare(op string, n, m int64) (result, ok bool) {
	switch op {
	case "-eq":
		return n == m, true
	case "-ne":
		return n != m, true
	case "-lt":
		return n < m, true
	case "-le":
		return n <= m, true
	case "-gt":
		return n > m, true
	case "-ge":
		return n >= m, true
	}
	return false, false
}

func number(v val) (int64, bool) {
	if !v.known {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(v.text), 10, 64)
	return n, err == nil
}

func equal(a, b val) answer {
	switch {
	case a.known && b.known && !strings.Contains(a.text+b.text, "\x00"):
		return is(a.text == b.text)
	case a.known && b.known && a.text == b.text:
		return yes
	case a.known && b.number || b.known && a.number:
		other := a
		if b.known {
			other = b
		}
		if n, ok := number(other); !ok || n < firstUser {
			return no
		}
	case a.known && b.person && strings.TrimPrefix(a.text, "/") == "root", b.known && a.person && strings.TrimPrefix(b.text, "/") == "root":
		return no
	case a.known && a.text == "" && b.filled, b.known && b.text == "" && a.filled:
		return no
	case strings.Contains(a.text, "\x00") && b.known && b.text == "", strings.Contains(b.text, "\x00") && a.known && a.text == "":
		return perhaps
	}
	return perhaps
}

// double runs [[ ]], whose words are neither split nor patterns.
func (x *run) double(st *state, words []string) answer {
	for _, op := range []string{"\x00||", "\x00&&"} {
		depth := 0
		for i, w := range words {
			switch {
			case w == "\x00(":
				depth++
			case w == "\x00)":
				depth--
			case w == op && depth == 0 && i > 0:
				left, right := x.double(st, words[:i]), x.double(st, words[i+1:])
				if op == "\x00||" {
					return left.or(right)
				}
				return left.and(right)
			}
		}
	}
	switch {
	case len(words) > 1 && words[0] == "!":
		return x.double(st, words[1:]).not()
	case len(words) > 2 && words[0] == "\x00(" && words[len(words)-1] == "\x00)":
		return x.double(st, words[1:len(words)-1])
	case len(words) == 1:
		return filled(x.word(st, words[0]))
	case len(words) == 2:
		return x.unary(st, words[0], x.word(st, words[1]))
	case len(words) == 3:
		switch words[1] {
		case "=", "==":
			return x.matches(st, x.word(st, words[0]), words[2])
		case "!=":
			return x.matches(st, x.word(st, words[0]), words[2]).not()
		}
		if strings.HasPrefix(words[1], "-") {
			a, b := x.word(st, words[0]), x.word(st, words[2])
			if _, ok := number(a); a.known && !ok {
				return perhaps // it is worked out
			}
			return x.binary(a, words[1], b)
		}
	}
	return perhaps
}
