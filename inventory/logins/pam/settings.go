package pam

import (
	"bytes"
	"context"
	"fmt"
	"iter"
	"path"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Settings maps names to the settings of a module. It includes the module's defaults.
type Settings map[string]inventory.Setting

// Number returns a setting that is a number, and false where it is none.
func (s Settings) Number(name string) (int, bool) {
	n, err := strconv.Atoi(s[name].Value)
	return n, err == nil
}

// On reports whether a switch is on.
func (s Settings) On(name string) bool { return s[name].Value == on }

// Place returns the file and line of a setting. A default has those of e.
func (s Settings) Place(name string, e Entry) (source string, line int) {
	if x, ok := s[name]; ok && !x.Compiled() {
		return x.Source, x.Line
	}
	return e.Source, e.Line.Line
}

const on = "on"

// newSettings returns the defaults of a module.
func newSettings(all map[string]string) Settings {
	s := Settings{}
	for name, value := range all {
		s[name] = inventory.Setting{Name: name, Value: value}
	}
	return s
}

// set sets a value with its place.
func (s Settings) set(name, value, source string, line int) {
	s[name] = inventory.Setting{Name: name, Value: value, Position: inventory.Position{Source: source, Line: line}}
}

// Settings returns the settings of the entry's module that are in effect: from its files, and from
// the arguments of its line, which come last. It knows the modules pam_faillock, pam_pwhistory,
// pam_pwquality, pam_cracklib, pam_passwdqc, pam_tally2 and pam_unix. For any other it returns nil.
func (e Entry) Settings(ctx context.Context, s *inventory.System) (Settings, error) {
	switch e.Name() {
	case "pam_pwquality":
		return e.readPwquality(ctx, s)
	case "pam_faillock":
		return e.readFaillock(ctx, s)
	case "pam_pwhistory":
		return e.readPwhistory(ctx, s)
	case "pam_unix":
		return e.readUnix(ctx, s)
	case "pam_cracklib":
		return e.readCracklib(), nil
	case "pam_passwdqc":
		return e.readPasswdqc()
	case "pam_tally2", "pam_tally":
		return e.readTally(), nil
	}
	return nil, nil
}

// pair is one line of a file of settings.
type pair struct {
	name, value string
	line        int
}

// parsePairs reads the common format of faillock.conf(5) and pwquality.conf(5): a name, an equals
// sign or blanks, and a value. "#" begins a comment anywhere. It ends before a line that is longer
// than the programs read, see [findLong].
func parsePairs(b []byte) iter.Seq[pair] {
	return func(yield func(pair) bool) {
		n := 0
		for line := range strings.SplitSeq(string(b), "\n") {
			if n++; len(line) > maxLine-1 {
				return
			}
			if p, ok := parsePair(line, n); ok && !yield(p) {
				return
			}
		}
	}
}

// findLong returns the number of the first line that is longer than the programs read, or 0.
func findLong(b []byte) int {
	n := 0
	for line := range bytes.SplitSeq(b, []byte("\n")) {
		if n++; len(line) > maxLine-1 {
			return n
		}
	}
	return 0
}

// parsePair reads line n. It returns false where there is nothing in it.
func parsePair(line string, n int) (pair, bool) {
	line, _, _ = strings.Cut(line, "#")
	if line = strings.Trim(line, blanks); line == "" {
		return pair{}, false
	}
	p := pair{name: line, line: n}
	if i := strings.IndexAny(line, blanks+"="); i >= 0 {
		p.name = line[:i]
		rest := strings.TrimLeft(line[i:], blanks)
		rest, _ = strings.CutPrefix(rest, "=")
		p.value = strings.TrimLeft(rest, blanks)
	}
	return p, true
}

const blanks = " \t\r\v\f"

// splitArgument splits an argument of a module into its name and value.
func splitArgument(arg string) (name, value string) {
	name, value, _ = strings.Cut(arg, "=")
	return name, value
}

// parseLeading returns the number at the beginning of a text, as sscanf(3) reads it: what follows
// the digits is ignored. It returns false where there is none.
func parseLeading(text string) (int, bool) {
	text = strings.TrimPrefix(strings.TrimLeft(text, blanks), "+")
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(text)
	}
	n, err := strconv.Atoi(text[:end])
	return n, err == nil
}

// vendors are the folders that are used in place of etc where a file does not exist there, in
// distributions that build Linux-PAM so.
var vendors = []string{"usr/etc", "usr/share", "usr/lib"}

// readFile reads etc/security/<name>, or the distribution's file in its place. The text is nil
// where neither exists. A file that the module is told to read has to exist.
func (e Entry) readFile(ctx context.Context, s *inventory.System, name string) (source string, b []byte, err error) {
	if conf, ok := e.Arg("conf"); ok {
		source = strings.TrimPrefix(path.Clean("/"+conf), "/")
		if b, err = s.ReadOnce(ctx, source); err != nil {
			return source, nil, fmt.Errorf("%s: %w", e.Place(), err)
		}
		return source, b, nil
	}
	for _, dir := range append([]string{"etc"}, vendors...) {
		source = dir + "/security/" + name
		b, err = s.ReadOnce(ctx, source)
		if err == nil || !inventory.IsAbsent(err, source) {
			return source, b, err
		}
	}
	return "", nil, nil
}
