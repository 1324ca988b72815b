package pam

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/packages/dpkg"
)

// pwhistoryDefaults are the defaults of pam_pwhistory, pam_pwhistory(8).
var pwhistoryDefaults = map[string]string{"remember": "10"}

const pwhistoryFile = "pwhistory.conf"

// readPwhistory reads pwhistory.conf, in which the first line of a name counts, and then the
// arguments. Linux-PAM reads the file since 1.5.3, and Red Hat's 1.5.1 does as well. Older packages
// of Debian do not.
func (e Entry) readPwhistory(ctx context.Context, s *inventory.System) (Settings, error) {
	all := newSettings(pwhistoryDefaults)
	old, err := isOldDebian(ctx, s)
	if err != nil {
		return nil, err
	}
	if !old {
		source, b, err := e.readFile(ctx, s, pwhistoryFile)
		if err != nil {
			return nil, err
		}
		var p inventory.Setting
		if b != nil {
			if p, err = Searched.Of(ctx, s, Key{source, "remember"}); err != nil {
				return nil, err
			}
		}
		if n, ok := parseLeading(p.Value); ok && !p.Compiled() {
			all.set("remember", strconv.Itoa(n), source, p.Line)
		}
	}
	// The arguments come after the file.
	for _, a := range e.Args {
		if name, v := splitArgument(a); strings.EqualFold(name, "remember") {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 {
				return nil, fmt.Errorf("%s: remember is no number", e.Place())
			}
			all.set("remember", strconv.Itoa(min(n, 400)), e.Source, e.Line.Line)
		}
	}
	return all, nil
}

// isOldDebian reports whether the modules are from a Debian package before 1.5.3.
func isOldDebian(ctx context.Context, s *inventory.System) (bool, error) { return oldDebian.Of(ctx, s) }

var oldDebian = inventory.NewFact("pam of an old Debian", collectOldDebian)

func collectOldDebian(ctx context.Context, s *inventory.System) (bool, error) {
	pkgs, err := dpkg.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return false, nil
	}
	for _, p := range pkgs {
		if p.Name == "libpam-modules" && p.Present() {
			return slices.Compare(parseNumbers(p.Version), []int{1, 5, 3}) < 0, nil
		}
	}
	return false, err
}

// parseNumbers returns the numbers at the beginning of a version: 1.5.2-6+deb12u1 has 1, 5, 2.
func parseNumbers(version string) []int {
	version, _, _ = strings.Cut(version, "-")
	var all []int
	for part := range strings.SplitSeq(version, ".") {
		n, ok := parseLeading(part)
		if !ok {
			break
		}
		all = append(all, n)
	}
	return all
}

// SearchKey returns the first line of a file of names and values that has the name, in any letter
// case. It returns false where there is none. Modules of Linux-PAM read etc/login.defs in this way;
// other programs take the last line.
func SearchKey(b []byte, name string) (inventory.Setting, bool) {
	n := 0
	for line := range strings.SplitSeq(string(b), "\n") {
		n++
		line, _, _ = strings.Cut(line, "#")
		line = strings.TrimLeft(line, blanks)
		key, value := line, ""
		if i := strings.IndexAny(line, " \t="); i >= 0 {
			key, value = line[:i], strings.TrimLeft(line[i:], blanks+"=")
		}
		if key != "" && strings.EqualFold(key, name) {
			return inventory.Setting{Name: name, Value: value, Position: inventory.Position{Line: n}}, true
		}
	}
	return inventory.Setting{}, false
}

const loginDefs = "etc/login.defs"

// hashes are the methods of pam_unix, in the order in which the module looks for them.
var hashes = []string{"md5", "bigcrypt", "sha256", "sha512", "blowfish", "des", "gost_yescrypt", "yescrypt"}

// readUnix returns three settings of pam_unix: the method for new passwords ("hash"), the length of
// the shortest password that a user may choose ("minlen") and how many old ones are refused
// ("remember"). The method is ENCRYPT_METHOD of login.defs(5), unless an argument sets it; the
// default is "des". An argument only has to begin with the name of a method.
func (e Entry) readUnix(ctx context.Context, s *inventory.System) (Settings, error) {
	all := newSettings(map[string]string{"hash": "des", "minlen": "0", "remember": "0"})
	x, err := Searched.Of(ctx, s, Key{loginDefs, "ENCRYPT_METHOD"})
	if err != nil {
		return nil, err
	}
	if !x.Compiled() {
		if hash := findHash(strings.ToLower(x.Value)); hash != "" {
			all.set("hash", hash, loginDefs, x.Line)
		}
	}
	// The arguments come after the file.
	for _, a := range e.Args {
		if hash := findHash(a); hash != "" {
			all.set("hash", hash, e.Source, e.Line.Line)
			continue
		}
		for _, name := range []string{"minlen", "remember"} {
			if v, ok := strings.CutPrefix(a, name+"="); ok {
				n, err := strconv.Atoi(v)
				if err != nil || n < 0 {
					return nil, fmt.Errorf("%s: %s is no number", e.Place(), name)
				}
				all.set(name, strconv.Itoa(n), e.Source, e.Line.Line)
			}
		}
	}
	// Only the first 8 characters of a password count with DES.
	if n, _ := all.Number("minlen"); n > 8 && all["hash"].Value == "des" {
		all.set("minlen", "8", e.Source, e.Line.Line)
	}
	return all, nil
}

// findHash returns the method that a text begins with, or "".
func findHash(text string) string {
	i := slices.IndexFunc(hashes, func(h string) bool { return strings.HasPrefix(text, h) })
	if i < 0 {
		return ""
	}
	return hashes[i]
}

// passwdqcDefaults are the defaults of pam_passwdqc, passwdqc.conf(5).
var passwdqcDefaults = map[string]string{"min": "disabled,24,11,8,7", "enforce": "everyone"}

// readPasswdqc reads the arguments of pam_passwdqc.
func (e Entry) readPasswdqc() (Settings, error) {
	all := newSettings(passwdqcDefaults)
	for _, a := range e.Args {
		name, value := splitArgument(a)
		switch {
		case name == "config":
			return nil, fmt.Errorf("%s: the file of pam_passwdqc is not read: %w", e.Place(), inventory.ErrUnavailable)
		case passwdqcDefaults[name] != "":
			all.set(name, value, e.Source, e.Line.Line)
		}
	}
	return all, nil
}

// ShortestPassphrase returns the length of the shortest password of any kind that the settings of
// pam_passwdqc accept. It returns false where the settings have none.
func (s Settings) ShortestPassphrase() (int, bool) {
	least, ok := 0, false
	for part := range strings.SplitSeq(s["min"].Value, ",") {
		if part == "disabled" {
			continue
		}
		n, err := strconv.Atoi(part)
		if err != nil {
			return 0, false
		}
		if !ok || n < least {
			least, ok = n, true
		}
	}
	return least, ok
}
