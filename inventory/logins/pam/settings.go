package pam

import (
	"context"
	"fmt"
	"path"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
)

// Settings is the settings of a module by name, those that it has of its own included.
type Settings map[string]inventory.Setting

// Number answers a setting that is a number.
func (s Settings) Number(name string) (int, bool) {
	n, err := strconv.Atoi(s[name].Value)
	return n, err == nil
}

// On reports whether a setting that is on or off is on.
func (s Settings) On(name string) bool { return s[name].Value == on }

// Place answers the file and line of the setting, or of e where it is the module's own.
func (s Settings) Place(name string, e Entry) (source string, line int) {
	if x, ok := s[name]; ok && !x.Compiled() {
		return x.Source, x.Line
	}
	return e.Source, e.Line.Line
}

const on = "on"

func compiled(all map[string]string) Settings {
	s := Settings{}
	for name, value := range all {
		s[name] = inventory.Setting{Name: name, Value: value}
	}
	return s
}

func (s Settings) set(name, value, source string, line int) {
	s[name] = inventory.Setting{Name: name, Value: value, Source: source, Line: line}
}

// Settings answers the settings of the entry's module as they are in effect: what its files
// set, and what the arguments of its line set over them. It is for the modules pam_faillock,
// pam_pwhistory, pam_pwquality, pam_cracklib, pam_passwdqc, pam_tally2 and pam_unix; of others
// the answer is nil.
func (e Entry) Settings(ctx context.Context, s *inventory.System) (Settings, error) {
	switch e.Name() {
	case "pam_pwquality":
		return e.pwquality(ctx, s)
	case "pam_faillock":
		return e.faillock(ctx, s)
	case "pam_pwhistory":
		return e.pwhistory(ctx, s)
	case "pam_unix":
		return e.unix(ctx, s)
	case "pam_cracklib":
		return e.cracklib(), nil
	case "pam_passwdqc":
		return e.passwdqc()
	case "pam_tally2", "pam_tally":
		return e.tally(), nil
	}
	return nil, nil
}

// pair is one line of a file of settings.
type pair struct {
	name, value string
	line        int
}

// pairs reads the form that faillock.conf(5) and pwquality.conf(5) have in common: a name,
// an equals sign or blanks, a value; "#" begins a comment anywhere. It ends before a line that
// is longer than the programs read, whose number is long.
func pairs(b []byte) (all []pair, long int) {
	n := 0
	for line := range strings.SplitSeq(string(b), "\n") {
		if n++; len(line) > maxLine-1 {
			return all, n
		}
		line, _, _ = strings.Cut(line, "#")
		if line = strings.Trim(line, blanks); line == "" {
			continue
		}
		p := pair{name: line, line: n}
		if i := strings.IndexAny(line, blanks+"="); i >= 0 {
			p.name = line[:i]
			rest := strings.TrimLeft(line[i:], blanks)
			rest, _ = strings.CutPrefix(rest, "=")
			p.value = strings.TrimLeft(rest, blanks)
		}
		all = append(all, p)
	}
	return all, 0
}

const blanks = " \t\r\v\f"

// argument splits an argument of a module into its name and value.
func argument(arg string) (name, value string) {
	name, value, _ = strings.Cut(arg, "=")
	return name, value
}

// leading answers the number that the text begins with, as sscanf(3) reads it: what follows
// the digits does not matter. It is not ok where there is none.
func leading(text string) (int, bool) {
	text = strings.TrimPrefix(strings.TrimLeft(text, blanks), "+")
	end := strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' })
	if end < 0 {
		end = len(text)
	}
	n, err := strconv.Atoi(text[:end])
	return n, err == nil
}

// vendors are the folders that stand in for etc where a file is not there, in distributions
// that build Linux-PAM with one.
var vendors = []string{"usr/etc", "usr/share", "usr/lib"}

// file reads etc/security/<name>, or the distribution's own in its place; the text is nil
// where there is none. A file that the module is told to read has to be there.
func (e Entry) file(ctx context.Context, s *inventory.System, name string) (source string, b []byte, err error) {
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
