package ssh

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/logins/sshkey"
)

// StrongKeys is the kind ssh.keys-strong. It requires that each key that lets somebody in over SSH
// is of a type and length that nobody breaks. Evidence names keys by their fingerprint.
type StrongKeys struct {
	MinRSA int      `yaml:"min-rsa,required" unit:"bits" doc:"the shortest RSA key"`
	Forbid []string `doc:"types of keys that nobody may have, such as ssh-dss"`
}

// Check returns the check.
func (a StrongKeys) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MinRSA < 1 {
		return nil, errors.New("min-rsa is a number of bits")
	}
	return ofKeys(func(v *check.Verdict, f sshkey.File) {
		for _, k := range f.Keys {
			strong(v, k, a.MinRSA, a.Forbid)
		}
		if len(f.Keys) == 0 {
			v.Good(check.Evidence{Position: inventory.Position{Source: f.Name}, Subject: f.User.Name, Want: wantKey(a.MinRSA), Got: "no key"})
		}
	}), nil
}

// strong judges the type and length of a key.
func strong(v *check.Verdict, k sshkey.Key, minRSA int, forbid []string) {
	short := k.Type == "ssh-rsa" && k.Bits < minRSA
	v.Judge(!short && !slices.Contains(forbid, k.Type), check.Evidence{Position: k.Position, Subject: strings.TrimSpace(k.User + " " + k.Fingerprint),
		Want: wantKey(minRSA), Got: fmt.Sprintf("%s, %d bits", k.Type, k.Bits)})
}

func wantKey(minRSA int) string {
	return fmt.Sprintf("RSA of %d bits or more, or another type", minRSA)
}

// KeysProtected is the kind ssh.keys-protected. It requires that only the user or root can change
// the files whose keys let somebody in as them.
type KeysProtected struct{}

// Check returns the check.
func (KeysProtected) Check() (check.Check, error) {
	return ofKeys(func(v *check.Verdict, f sshkey.File) {
		var wrong []string
		if f.UID != 0 && f.UID != f.User.UID {
			wrong = append(wrong, fmt.Sprintf("belongs to user %d", f.UID))
		}
		if m := f.Mode.Perm(); m&0o022 != 0 {
			wrong = append(wrong, fmt.Sprintf("mode %04o", m))
		}
		ev := check.Evidence{Position: inventory.Position{Source: f.Name}, Subject: f.User.Name,
			Want: "of the user or root, and writable by no other", Got: strings.Join(wrong, ", ")}
		if len(wrong) == 0 {
			ev.Got = fmt.Sprintf("belongs to user %d, mode %04o", f.UID, f.Mode.Perm())
		}
		v.Judge(len(wrong) == 0, ev)
	}), nil
}

// HostKeys is the kind ssh.host-keys: it asks of the public keys of the server that they are of a
// type and length that nobody breaks, and none of those whose private half others have. A server
// that has no keys yet makes its own when it first starts. They are those that HostKey of
// sshd_config(5) names.
type HostKeys struct {
	MinRSA int      `yaml:"min-rsa,required" unit:"bits" doc:"the shortest RSA key"`
	Forbid []string `doc:"types of keys that the server may not have"`
	Known  []string `doc:"fingerprints of keys that came with an image or a product, as ssh-keygen -l writes them: SHA256:..."`
}

// Check returns the check.
func (a HostKeys) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if a.MinRSA < 1 {
		return nil, errors.New("min-rsa is a number of bits")
	}
	for _, f := range a.Known {
		if !strings.HasPrefix(f, "SHA256:") {
			return nil, fmt.Errorf("%q does not begin with SHA256:, as fingerprints do", f)
		}
	}
	return check.Of(sshkey.Host, func(v *check.Verdict, all []sshkey.Key) {
		for _, k := range all {
			if slices.Contains(a.Known, k.Fingerprint) {
				v.Bad(check.Evidence{Position: k.Position, Subject: k.Fingerprint, Want: "a key of this server alone", Got: "one that others have"})
				continue
			}
			strong(v, k, a.MinRSA, a.Forbid)
		}
		v.Absent(check.Evidence{Subject: "public keys of the server", Want: wantKey(a.MinRSA), Got: "none"})
	}), nil
}

// ofKeys judges each file. A file whose owner the tree does not tell is no pass.
func ofKeys(judge func(*check.Verdict, sshkey.File)) check.Check {
	return check.Func(func(ctx context.Context, sys *inventory.System, v *check.Verdict) error {
		all, err := sshkey.Authorized.Of(ctx, sys)
		if err != nil {
			return err
		}
		for _, f := range all {
			if !f.Known {
				return fmt.Errorf("the tree does not know mode and owner of %s: %w", f.Name, inventory.ErrUnavailable)
			}
		}
		for _, f := range all {
			judge(v, f)
		}
		if len(all) == 0 {
			v.Say("nobody has keys")
			v.Absent(check.Evidence{Subject: "keys that let somebody in", Got: "none"})
		}
		return nil
	})
}
