package ssh

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sshkey"
)

// StrongKeys asks that each key that lets somebody in over SSH is of a type and length that
// nobody breaks. Evidence names keys by their fingerprint.
type StrongKeys struct {
	MinRSA int      `yaml:"min-rsa,required"` // bits
	Forbid []string // types, such as ssh-dss
}

// Check makes the check.
func (a StrongKeys) Check() (check.Check, error) {
	if a.MinRSA < 1 {
		return nil, errors.New("min-rsa is a number of bits")
	}
	return ofKeys(func(f sshkey.File) []check.Evidence {
		var bad []check.Evidence
		for _, k := range f.Keys {
			short := k.Type == "ssh-rsa" && k.Bits < a.MinRSA
			if short || slices.Contains(a.Forbid, k.Type) {
				bad = append(bad, check.Evidence{Position: k.Position, Subject: k.User + " " + k.Fingerprint,
					Want: fmt.Sprintf("RSA of %d bits or more, or another type", a.MinRSA), Got: fmt.Sprintf("%s, %d bits", k.Type, k.Bits)})
			}
		}
		return bad
	}), nil
}

// KeysProtected asks that only the user or root can change the files whose keys let
// somebody in as them.
type KeysProtected struct{}

// Check makes the check.
func (KeysProtected) Check() (check.Check, error) {
	return ofKeys(func(f sshkey.File) []check.Evidence {
		ev := check.Evidence{Position: inventory.Position{Source: f.Name}, Subject: f.User.Name, Want: "of the user or root, and writable by no other"}
		var wrong []string
		if f.UID != 0 && f.UID != f.User.UID {
			wrong = append(wrong, fmt.Sprintf("belongs to user %d", f.UID))
		}
		if m := f.Mode.Perm(); m&0o022 != 0 {
			wrong = append(wrong, fmt.Sprintf("mode %04o", m))
		}
		if ev.Got = strings.Join(wrong, ", "); ev.Got == "" {
			return nil
		}
		return []check.Evidence{ev}
	}), nil
}

// HostKeys asks of the public keys of the server that they are of a type and length that
// nobody breaks, and none of those whose private half others have. A server that has no keys
// yet makes its own when it first starts. They are those that HostKey of sshd_config(5) names.
type HostKeys struct {
	MinRSA int      `yaml:"min-rsa,required"` // bits
	Forbid []string // types
	// Known are fingerprints of keys that came with an image or a product, as ssh-keygen -l
	// writes them: SHA256:...
	Known []string
}

// Check makes the check.
func (a HostKeys) Check() (check.Check, error) {
	if a.MinRSA < 1 {
		return nil, errors.New("min-rsa is a number of bits")
	}
	for _, f := range a.Known {
		if !strings.HasPrefix(f, "SHA256:") {
			return nil, fmt.Errorf("%q does not begin with SHA256:, as fingerprints do", f)
		}
	}
	return check.OldOf(sshkey.Host, func(all []sshkey.Key) check.Result {
		return check.Each(all, func(k sshkey.Key) (check.Evidence, bool) {
			ev := check.Evidence{Position: k.Position, Subject: k.Fingerprint, Want: fmt.Sprintf("RSA of %d bits or more, or another type", a.MinRSA), Got: fmt.Sprintf("%s, %d bits", k.Type, k.Bits)}
			if slices.Contains(a.Known, k.Fingerprint) {
				ev.Want, ev.Got = "a key of this server alone", "one that others have"
				return ev, true
			}
			return ev, k.Type == "ssh-rsa" && k.Bits < a.MinRSA || slices.Contains(a.Forbid, k.Type)
		})
	}), nil
}

// ofKeys judges each file. A file whose owner the tree does not tell is no pass.
func ofKeys(judge func(sshkey.File) []check.Evidence) check.Check {
	return check.OldOf(sshkey.Authorized, func(all []sshkey.File) check.Result {
		var bad []check.Evidence
		for _, f := range all {
			if !f.Known {
				return check.FromError(fmt.Errorf("the tree does not know mode and owner of %s: %w", f.Name, inventory.ErrUnavailable))
			}
			bad = append(bad, judge(f)...)
		}
		switch {
		case len(bad) > 0:
			return check.Each(bad, func(ev check.Evidence) (check.Evidence, bool) { return ev, true })
		case len(all) == 0:
			return check.Absent("nobody has keys")
		}
		return check.Passed(fmt.Sprintf("%d files of keys", len(all)))
	})
}
