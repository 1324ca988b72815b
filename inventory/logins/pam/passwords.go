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

// pwhistoryOwn is what pam_pwhistory has where nothing is set, pam_pwhistory(8).
var pwhistoryOwn = map[string]string{"remember": "10"}

const pwhistoryFile = "pwhistory.conf"

// pwhistory reads pwhistory.conf, of which the first line with a name counts, and then the
// arguments. Linux-PAM reads the file from 1.5.3 on, and Red Hat's 1.5.1 does as well; Debian's
// packages of before do not.
func (e Entry) pwhistory(ctx context.Context, s *inventory.System) (Settings, error) {
	all := compiled(pwhistoryOwn)
	old, err := oldDebian(ctx, s)
	if err != nil {
		return nil, err
	}
	if !old {
		source, b, err := e.file(ctx, s, pwhistoryFile)
		if err != nil {
			return nil, err
		}
		if p, ok := SearchKey(b, "remember"); ok {
			if n, ok := leading(p.Value); ok {
				all.set("remember", strconv.Itoa(n), source, p.Line)
			}
		}
	}
	for _, a := range e.Args {
		if name, v := argument(a); strings.EqualFold(name, "remember") {
			n, err := strconv.Atoi(v)
			if err != nil || n < 0 {
				return nil, fmt.Errorf("%s: remember is no number", e.Place())
			}
			all.set("remember", strconv.Itoa(min(n, 400)), e.Source, e.Line.Line)
		}
	}
	return all, nil
}

// oldDebian reports whether the modules are those of a Debian package before 1.5.3.
func oldDebian(ctx context.Context, s *inventory.System) (bool, error) {
	pkgs, err := dpkg.Fact.Of(ctx, s)
	if errors.Is(err, inventory.ErrAbsent) {
		return false, nil
	}
	for _, p := range pkgs {
		if p.Name == "libpam-modules" && p.Present() {
			return slices.Compare(numbers(p.Version), []int{1, 5, 3}) < 0, nil
		}
	}
	return false, err
}

// numbers answers the numbers that a version begins with: 1.5.2-6+deb12u1 is 1, 5, 2.
func numbers(version string) []int {
	version, _, _ = strings.Cut(version, "-")
	var all []int
	for part := range strings.SplitSeq(version, ".") {
		n, ok := leading(part)
		if !ok {
			break
		}
		all = append(all, n)
	}
	return all
}

// SearchKey answers the first line of a file of names and values that has the name, in any
// letter case, as the modules of Linux-PAM read etc/login.defs. Other programs that read it
// take the last one.
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
			return inventory.Setting{Name: name, Value: value, Line: n}, true
		}
	}
	return inventory.Setting{}, false
}

const loginDefs = "etc/login.defs"

// hashes are the methods of pam_unix, in the order in which it looks for them.
var hashes = []string{"md5", "bigcrypt", "sha256", "sha512", "blowfish", "des", "gost_yescrypt", "yescrypt"}

// unix tells of pam_unix the method for new passwords ("hash"), the shortest one that a user
// may choose ("minlen") and how many old ones it refuses ("remember"). The method is that of
// ENCRYPT_METHOD in login.defs(5), and an argument counts over it; without either it is "des".
// The module takes an argument for one that it begins with.
func (e Entry) unix(ctx context.Context, s *inventory.System) (Settings, error) {
	all := compiled(map[string]string{"hash": "des", "minlen": "0", "remember": "0"})
	b, err := s.ReadOnce(ctx, loginDefs)
	if err != nil && !inventory.IsAbsent(err, loginDefs) {
		return nil, err
	}
	if x, ok := SearchKey(b, "ENCRYPT_METHOD"); ok {
		if hash := hashOf(strings.ToLower(x.Value)); hash != "" {
			all.set("hash", hash, loginDefs, x.Line)
		}
	}
	for _, a := range e.Args {
		if hash := hashOf(a); hash != "" {
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
	if n, _ := all.Number("minlen"); n > 8 && all["hash"].Value == "des" {
		all.set("minlen", "8", e.Source, e.Line.Line)
	}
	return all, nil
}

func hashOf(text string) string {
	i := slices.IndexFunc(hashes, func(h string) bool { return strings.HasPrefix(text, h) })
	if i < 0 {
		return ""
	}
	return hashes[i]
}

// passwdqcOwn is what pam_passwdqc has where its line sets nothing, passwdqc.conf(5).
var passwdqcOwn = map[string]string{"min": "disabled,24,11,8,7", "enforce": "everyone"}

func (e Entry) passwdqc() (Settings, error) {
	all := compiled(passwdqcOwn)
	for _, a := range e.Args {
		name, value := argument(a)
		switch {
		case name == "config":
			return nil, fmt.Errorf("%s: the file of pam_passwdqc is not read: %w", e.Place(), inventory.ErrUnavailable)
		case passwdqcOwn[name] != "":
			all.set(name, value, e.Source, e.Line.Line)
		}
	}
	return all, nil
}

// ShortestPassphrase answers the length of the shortest password that settings of pam_passwdqc
// let through, of whichever kind; it is not ok where none is told.
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
