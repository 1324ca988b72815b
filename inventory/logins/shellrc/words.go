package shellrc

import (
	"path"
	"slices"
	"strconv"
	"strings"
)

// val is what a word stands for. A text that is not known may be known to be empty or not.
type val struct {
	text   string
	known  bool
	filled bool // of one that is not known: it is not empty
	number bool // of one that is not known: it is a number of 1000 or more, such as that of a user
	person bool // of one that is not known: it is the name or the home of somebody else than root
}

func known(text string) val { return val{text: text, known: true} }

var anything = val{}

// before is the value of PATH that a shell begins with. It may stand in known texts.
const before = "\x00PATH\x00"

// variable is a variable of a shell.
type variable struct {
	val
	set       answer
	exported  bool
	protected bool
	at        spot
}

// spot is where something was set.
type spot struct {
	file string
	line int
}

// answer is yes, no or perhaps.
type answer int8

const (
	no answer = iota
	yes
	perhaps
)

func is(b bool) answer {
	if b {
		return yes
	}
	return no
}

func (a answer) not() answer {
	if a == perhaps {
		return a
	}
	return yes - a
}

// piece is a part of a word. A quoted one is neither split nor a pattern.
type piece struct {
	val
	quoted bool
	split  bool // it comes of an expansion
}

// pieces expands the raw text of a word, for the shell x in a state. Assignments in it, as of ${x:=y},
// change the state.
func (x *run) pieces(st *state, raw string) []piece {
	var out []piece
	var text strings.Builder // the literal piece at the end
	open, openQuoted := false, false
	end := func() {
		if open {
			out = append(out, piece{known(text.String()), openQuoted, false})
			text.Reset()
			open = false
		}
	}
	lit := func(more string, quoted bool) {
		if open && openQuoted != quoted {
			end()
		}
		open, openQuoted = true, quoted
		text.WriteString(more)
	}
	quoted := false
	for i := 0; i < len(raw); {
		if x.spend(1); x.err != nil {
			break
		}
		switch c := raw[i]; {
		case c == '\'' && !quoted:
			shut := strings.IndexByte(raw[i+1:], '\'')
			if shut < 0 {
				end()
				return append(out, piece{val: anything})
			}
			lit(raw[i+1:i+1+shut], true)
			i += shut + 2
		case c == '"':
			if quoted = !quoted; quoted {
				lit("", true)
			}
			i++
		case c == '\\' && i+1 < len(raw):
			switch d := raw[i+1]; {
			case d == '\n':
			case quoted && strings.IndexByte("\"\\$`", d) < 0:
				lit(raw[i:i+2], true)
			default:
				lit(raw[i+1:i+2], true)
			}
			i += 2
		case c == '$' || c == '`':
			v, n := x.expansion(st, raw[i:])
			if n == 1 {
				lit("$", quoted)
			} else {
				end()
				out = append(out, piece{v, quoted, true})
			}
			i += n
		default:
			n := strings.IndexAny(raw[i+1:], "'\"\\$`") + 1
			if n == 0 {
				n = len(raw) - i
			}
			lit(raw[i:i+n], quoted)
			i += n
		}
	}
	end()
	if len(out) > 0 && !out[0].quoted && out[0].known && !out[0].split && strings.HasPrefix(out[0].text, "~") {
		rest := out[0].text[1:]
		if rest == "" && len(out) == 1 || strings.HasPrefix(rest, "/") {
			home := x.get(st, "HOME").val
			if home.known {
				out[0].text = home.text + rest
			} else {
				out[0] = piece{val: val{filled: true}, quoted: true}
			}
		} else {
			out[0] = piece{val: val{filled: true}, quoted: true}
		}
	}
	return out
}

// joined is a word as one text.
func joined(all []piece) val {
	all = slices.DeleteFunc(slices.Clone(all), func(p piece) bool { return p.known && p.text == "" })
	if len(all) == 1 {
		return all[0].val
	}
	n, sure, full := 0, true, false
	for _, p := range all {
		n += len(p.text)
		sure, full = sure && p.known, full || p.filled || p.known
	}
	if !sure || n > maxText {
		return val{filled: full}
	}
	var b strings.Builder
	b.Grow(n)
	for _, p := range all {
		b.WriteString(p.text)
	}
	return known(b.String())
}

// maxText is how long a value may become.
const maxText = 1 << 16

func (x *run) word(st *state, raw string) val { return joined(x.pieces(st, raw)) }

// fields expands words as the arguments of a command. Words whose number is not known are one that is
// not known, and sure is false.
func (x *run) fields(st *state, words []string) (all []val, sure bool) {
	sure = true
	for _, raw := range words {
		ps := x.pieces(st, raw)
		if raw == `"$@"` || raw == "$@" || raw == "$*" {
			if !st.argsKnown {
				sure = false
				all = append(all, anything)
			}
			all = append(all, st.args...)
			continue
		}
		splits := false
		for _, p := range ps {
			splits = splits || p.split && !p.quoted
		}
		v := joined(ps)
		switch {
		case !splits && (len(ps) > 0):
			all = append(all, v)
		case splits && v.known && strings.Contains(v.text, "\x00"):
			all = append(all, v)
		case splits && v.known:
			ifs := x.get(st, "IFS")
			if ifs.set == no {
				ifs.val = known(" \t\n")
			}
			if !ifs.known || ifs.set == perhaps {
				sure = false
				all = append(all, anything)
				continue
			}
			for _, f := range strings.FieldsFunc(v.text, func(r rune) bool { return strings.ContainsRune(ifs.text, r) }) {
				all = append(all, known(f))
			}
		case splits:
			sure = sure && v.filled && v.number
			all = append(all, v)
		}
	}
	return all, sure
}

// expansion expands what begins with "$" or "`" and returns how many bytes it takes, 1 for a dollar sign
// alone.
func (x *run) expansion(st *state, s string) (val, int) {
	l := &lexer{s: s, line: 1}
	switch {
	case s[0] == '`':
		l.skipUntil("`")
		if l.err != nil {
			return anything, len(s)
		}
		return x.output(st, strings.ReplaceAll(s[1:l.i-1], "\\", "")), l.i
	case strings.HasPrefix(s, "$(("):
		l.i = 1
		l.skipBalanced('(', ')')
		return val{filled: true}, l.i
	case strings.HasPrefix(s, "$("):
		l.i = 1
		l.skipBalanced('(', ')')
		if l.err != nil {
			return anything, len(s)
		}
		return x.output(st, s[2:l.i-1]), l.i
	case strings.HasPrefix(s, "${"):
		l.i = 1
		l.skipBalanced('{', '}')
		if l.err != nil {
			return anything, len(s)
		}
		return x.braces(st, s[2:l.i-1]), l.i
	case strings.HasPrefix(s, "$'"):
		l.i = 1
		l.skipUntil("'")
		return anything, l.i
	}
	end := 1
	for end < len(s) && isNameByte(s[end], end > 1) {
		end++
	}
	if end == 1 && len(s) > 1 && strings.IndexByte("0123456789@*#?-$!", s[1]) >= 0 {
		end = 2
	}
	if end == 1 {
		return anything, 1
	}
	return x.get(st, s[1:end]).orEmpty(), end
}

// orEmpty is the value of a variable where it may not be set.
func (v variable) orEmpty() val {
	switch v.set {
	case no:
		return known("")
	case perhaps:
		if v.known && v.text == "" {
			return v.val
		}
		return anything
	}
	return v.val
}

// braces expands ${...}.
func (x *run) braces(st *state, s string) val {
	end := 0
	for end < len(s) && isNameByte(s[end], end > 0) {
		end++
	}
	if end == 0 && s != "" && strings.IndexByte("0123456789@*#?-$!", s[0]) >= 0 {
		end = 1
	}
	name, rest := s[:end], s[end:]
	if name == "" || name == "#" && rest != "" {
		return anything
	}
	v := x.get(st, name)
	if rest == "" {
		return v.orEmpty()
	}
	colon := strings.HasPrefix(rest, ":")
	op := strings.TrimPrefix(rest, ":")
	if op == "" || strings.IndexByte("-+=?", op[0]) < 0 {
		return x.strip(v, rest, st)
	}
	there := v.set
	if colon && there != no {
		if v.known {
			there = there.and(is(v.text != ""))
		} else if !v.filled {
			there = perhaps
		}
	}
	other := func() val { return x.quotedWord(st, op[1:]) }
	switch op[0] {
	case '-':
		return choose(there, v.val, other)
	case '+':
		return choose(there.not(), known(""), other)
	case '=':
		if there == no {
			w := other()
			x.assign(st, name, w)
			return w
		}
		if there == perhaps {
			w := other()
			x.blur(st, name)
			if v.known && w.known && v.text == w.text {
				return w
			}
			return anything
		}
		return v.val
	}
	if there == no {
		st.flow = exited
	}
	return choose(there, v.val, func() val { return anything })
}

// quotedWord expands the word in an expansion, whose quotes it drops.
func (x *run) quotedWord(st *state, raw string) val { return x.word(st, raw) }

func (a answer) and(b answer) answer {
	switch {
	case a == no || b == no:
		return no
	case a == yes && b == yes:
		return yes
	}
	return perhaps
}

func choose(there answer, v val, other func() val) val {
	switch there {
	case yes:
		return v
	case no:
		return other()
	}
	if o := other(); o == v {
		return v
	} else if (o.filled || o.known && o.text != "") && (v.filled || v.known && v.text != "") {
		return val{filled: true}
	}
	return anything
}

// strip expands ${x#pattern}, ${x%pattern} and those with two signs. All others are not known.
func (x *run) strip(v variable, rest string, st *state) val {
	text := v.orEmpty()
	if !text.known || strings.Contains(text.text, "\x00") || len(text.text) > 4096 || rest[0] != '#' && rest[0] != '%' {
		return anything
	}
	pattern := strings.TrimPrefix(rest[1:], rest[:1])
	longest, front := len(pattern) < len(rest)-1, rest[0] == '#'
	for i := range len(text.text) + 1 {
		x.spend(1 + i/16)
		n := i
		if longest {
			n = len(text.text) - i
		}
		part, left := text.text[len(text.text)-n:], text.text[:len(text.text)-n]
		if front {
			part, left = text.text[:n], text.text[n:]
		}
		switch x.matches(st, known(part), pattern) {
		case yes:
			return known(left)
		case perhaps:
			return anything
		}
	}
	return text
}

// output is what commands in a substitution print.
func (x *run) output(st *state, text string) val {
	text = strings.TrimSpace(text)
	f := strings.Fields(text)
	redirected := strings.HasSuffix(text, "2>/dev/null")
	if redirected {
		text = strings.TrimSpace(strings.TrimSuffix(text, "2>/dev/null"))
		f = strings.Fields(text)
	}
	if len(f) > 0 {
		f[0] = strings.TrimPrefix(strings.TrimPrefix(f[0], "/usr"), "/bin/")
	}
	switch strings.Join(f, " ") {
	case "id -u", "id -ru", "id -u $USER", "id -u $LOGNAME":
		return x.uid()
	case "id -un", "id -nu", "whoami":
		if x.Root {
			return known("root")
		}
		return val{filled: true, person: true}
	case "id -gn", "id -ng":
		if x.Root {
			return known("root")
		}
		return val{filled: true}
	case "umask":
		if n, err := strconv.ParseUint(string(st.mask), 8, 32); err == nil {
			return known(zeros(n))
		}
		return val{filled: true}
	}
	if len(f) > 1 && f[0] == "echo" && !strings.ContainsAny(text, "|;&<>()`") && f[1][0] != '-' {
		var words []string
		l := &lexer{s: text, line: 1}
		for t, ok := l.next(); ok; t, ok = l.next() {
			words = append(words, t.raw)
		}
		all, sure := x.fields(st, words[1:])
		out := known("")
		for i, v := range all {
			if !v.known || strings.ContainsRune(v.text, '\\') {
				return anything
			}
			if i > 0 {
				out.text += " "
			}
			out.text += v.text
		}
		if sure && l.err == nil {
			return out
		}
	}
	return anything
}

func zeros(n uint64) string {
	text := strconv.FormatUint(n, 8)
	return strings.Repeat("0", max(0, 4-len(text))) + text
}

func (x *run) uid() val {
	if x.Root {
		return known("0")
	}
	return val{filled: true, number: true}
}

// matches reports whether a text matches the pattern of a word, whose quoted parts stand for themselves.
func (x *run) matches(st *state, text val, raw string) answer {
	var p strings.Builder
	plain := true
	for _, e := range x.pieces(st, raw) {
		if !e.known {
			return perhaps
		}
		for i := range len(e.text) {
			c := e.text[i]
			if e.quoted && strings.IndexByte(`*?[\`, c) >= 0 || c == '\\' {
				p.WriteByte('\\')
			}
			plain = plain && (e.quoted || strings.IndexByte(`*?[`, c) < 0)
			p.WriteByte(c)
		}
	}
	pattern := p.String()
	switch {
	case pattern == "*":
		return yes
	case !text.known:
		if text.person && (pattern == "root" || pattern == "/root") || text.number && pattern == "0" {
			return no
		}
		if pattern == "" && text.filled || pattern == "?*" && text.filled {
			return is(pattern != "")
		}
		return perhaps
	case strings.Contains(text.text+pattern, "\x00"):
		// A known part of a text with one that is not known may hold the pattern.
		if middle := strings.Trim(pattern, "*"); strings.HasPrefix(pattern, "*") && strings.HasSuffix(pattern, "*") && len(pattern) > len(middle)+1 && !strings.ContainsAny(middle, "*?[\\") && strings.Contains(text.text, middle) {
			return yes
		}
		return perhaps
	case plain:
		return is(pattern == text.text || strings.ReplaceAll(pattern, `\`, "") == text.text)
	case strings.Contains(pattern, "[!") || strings.Contains(pattern, "[[") || strings.Contains(pattern, "("):
		return perhaps
	}
	// path.Match keeps "*" from a slash, which a shell here does not.
	ok, err := path.Match(strings.ReplaceAll(pattern, "/", "\x01"), strings.ReplaceAll(text.text, "/", "\x01"))
	if err != nil {
		return perhaps
	}
	return is(ok)
}
