// Package logindefs reads the settings of the shadow password suite from etc/login.defs,
// login.defs(5).
package logindefs

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/internal/budget"
	"github.com/hardening-sdk/hardening/internal/vendored"
	"github.com/hardening-sdk/hardening/inventory"
)

// Settings maps the name of a setting to its last line in the file. The value is the text after the
// name, without quotes.
type Settings map[string]inventory.Setting

const file = "etc/login.defs"

// Fact returns the settings of the file. Without the file it returns [inventory.ErrAbsent]: the
// programs that read the file then use their compiled defaults.
var Fact = inventory.NewFact("login.defs", collect)

func collect(ctx context.Context, s *inventory.System) (Settings, error) {
	more, err := dropIns(ctx, s)
	if err != nil {
		return nil, err
	}
	all := Settings{}
	for _, name := range append([]string{file}, more...) {
		name, b, err := vendored.Read(name, func(name string) ([]byte, error) { return s.ReadOnce(ctx, name) }, inventory.IsAbsent)
		if inventory.IsAbsent(err, file) && len(more) == 0 {
			return nil, fmt.Errorf("%s: %w", file, inventory.ErrAbsent)
		}
		if inventory.IsAbsent(err, name) {
			continue
		}
		if err != nil {
			return nil, err
		}
		some, err := Parse(b)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		for key, x := range some {
			x.Source = name
			all[key] = x
		}
	}
	return all, nil
}

// dropIns returns the files that the programs of SUSE read after the file, by libeconf. Those of other
// distributions do not.
func dropIns(ctx context.Context, s *inventory.System) ([]string, error) {
	p, err := s.Platform(ctx)
	if err != nil {
		return nil, nil // what is not known of the platform is told by who asks for it
	}
	suse, _ := p.Match("linux/suse")
	if opensuse, _ := p.Match("linux/opensuse"); !suse && !opensuse {
		return nil, nil
	}
	return s.DropIns(ctx, ".defs", file+".d", "usr/"+file+".d")
}

// maxLine is how long a line may be. The programs take the rest of a longer one for another line.
const maxLine = 1000

// numbers are settings that are decimal numbers. The programs take 010 for eight, and skip what is
// no number, which leaves their own value.
var numbers = map[string]bool{
	"PASS_MAX_DAYS": true, "PASS_MIN_DAYS": true, "PASS_WARN_AGE": true, "PASS_MIN_LEN": true, "PASS_CHANGE_TRIES": true,
	"LOGIN_RETRIES": true, "LOGIN_TIMEOUT": true, "FAIL_DELAY": true, "UID_MIN": true, "UID_MAX": true, "GID_MIN": true, "GID_MAX": true,
	"SYS_UID_MIN": true, "SYS_UID_MAX": true, "SYS_GID_MIN": true, "SYS_GID_MAX": true,
	"SHA_CRYPT_MIN_ROUNDS": true, "SHA_CRYPT_MAX_ROUNDS": true, "YESCRYPT_COST_FACTOR": true,
}

// isPlain reports whether a text is a decimal number of 32 bits without a sign but that of -1.
func isPlain(s string) bool {
	n, err := strconv.ParseUint(s, 10, 32)
	return s == "-1" || err == nil && strconv.FormatUint(n, 10) == s
}

// Parse reads the text of the file. A line is a name, blanks and a value, which ends at a quote; a line
// that begins with "#" is a comment. A number in another form than a decimal one is an error, and
// so are lines that are longer than the programs read. More names than anybody has are [inventory.ErrLimit]. A name alone has an empty value.
func Parse(b []byte) (Settings, error) {
	all := Settings{}
	line := 0
	var left budget.Budget
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		long := len(s) > maxLine
		s = strings.TrimLeft(strings.TrimRight(s, " \t\r\f\v"), " \t")
		if s == "" || s[0] == '#' && !long {
			continue
		}
		name, value := s, ""
		if i := strings.IndexAny(s, " \t"); i >= 0 {
			name = s[:i]
			value, _, _ = strings.Cut(strings.TrimLeft(s[i:], " \t\""), `"`)
		}
		switch {
		case long:
			return nil, fmt.Errorf("line %d: longer than the programs read", line)
		case strings.IndexByte(value, '\r') >= 0:
			return nil, fmt.Errorf("line %d: a carriage return within a line", line)
		case numbers[name] && value != "" && !isPlain(value):
			return nil, fmt.Errorf("line %d: %s is no plain number, which the programs read otherwise or not at all", line, name)
		}
		if _, again := all[name]; !again {
			if err := left.Items(1); err != nil {
				return nil, fmt.Errorf("line %d: %w", line, err)
			}
		}
		all[name] = inventory.Setting{Name: name, Value: value, Position: inventory.Position{Line: line}}
	}
	return all, nil
}
