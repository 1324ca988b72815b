// Package sshkey tells which SSH keys let somebody in, and which keys the server shows: the
// public keys of authorized_keys files, sshd(8), and of the server's own files.
package sshkey

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/internal/mistakes"
)

// Key is one public key.
type Key struct {
	Type        string // ssh-ed25519, ssh-rsa, ecdsa-sha2-nistp256, sk-ssh-ed25519@openssh.com
	Bits        int    // of the modulus or the curve
	Fingerprint string // SHA256:..., as ssh-keygen(1) writes it
	Options     []string
	User        string // whom it lets in, empty of the server's own
	Source      string
	Line        int // in Source, counted from 1
}

// curves are the types whose bits the type tells.
var curves = map[string]int{
	"ssh-ed25519": 256, "sk-ssh-ed25519@openssh.com": 256, "ecdsa-sha2-nistp256": 256, "sk-ecdsa-sha2-nistp256@openssh.com": 256,
	"ecdsa-sha2-nistp384": 384, "ecdsa-sha2-nistp521": 521,
}

// Parse reads an authorized_keys file or one of a public key. A line that is no key is a
// mistake; sshd passes over it, and the keys come beside the mistakes.
func Parse(b []byte) ([]Key, error) {
	var all []Key
	var errs mistakes.List
	line := 0
	for s := range strings.SplitSeq(string(b), "\n") {
		line++
		s = strings.TrimSpace(s)
		if s == "" || s[0] == '#' {
			continue
		}
		k, err := keyOf(s)
		if err != nil {
			errs.Addf("line %d: %w", line, err)
			continue
		}
		k.Line = line
		all = append(all, k)
	}
	return all, errs.Err()
}

var errKey = errors.New("no public key that is known")

// keyOf reads "options type key comment".
func keyOf(s string) (Key, error) {
	k, err := bare(s)
	if err == nil {
		return k, nil
	}
	options, rest, ok := cutOptions(s)
	if !ok {
		return Key{}, errKey
	}
	if k, err = bare(rest); err != nil {
		return Key{}, err
	}
	k.Options = options
	return k, nil
}

// cutOptions answers the options that a line begins with: words joined by commas, with
// blanks in quotes only.
func cutOptions(s string) (options []string, rest string, ok bool) {
	quoted, from := false, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && s[i+1] == '"':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == ',':
			options = append(options, s[from:i])
			from = i + 1
		case c == ' ' || c == '\t':
			return append(options, s[from:i]), strings.TrimLeft(s[i:], " \t"), true
		}
	}
	return nil, "", false
}

// bare reads "type key comment".
func bare(s string) (Key, error) {
	f := strings.Fields(s)
	if len(f) < 2 {
		return Key{}, errKey
	}
	blob, err := base64.StdEncoding.DecodeString(f[1])
	if err != nil {
		return Key{}, errKey
	}
	kind, rest, ok := text(blob)
	if !ok || string(kind) != f[0] {
		return Key{}, errKey
	}
	k := Key{Type: f[0], Fingerprint: fingerprint(blob)}
	switch n, known := curves[k.Type]; {
	case known:
		k.Bits = n
	case k.Type == "ssh-rsa": // exponent, modulus: RFC 4253, 6.6
		if _, rest, ok = text(rest); !ok {
			return Key{}, errKey
		}
		fallthrough
	case k.Type == "ssh-dss": // the modulus comes first
		modulus, _, ok := text(rest)
		if !ok {
			return Key{}, errKey
		}
		k.Bits = length(modulus)
	default:
		return Key{}, fmt.Errorf("%w: its type", errKey)
	}
	return k, nil
}

// text cuts a string of RFC 4251, 5.
func text(b []byte) (s, rest []byte, ok bool) {
	if len(b) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(b)
	if uint64(n) > uint64(len(b)-4) {
		return nil, nil, false
	}
	return b[4 : 4+n], b[4+n:], true
}

// length answers how many bits a number has.
func length(b []byte) int {
	i := slices.IndexFunc(b, func(c byte) bool { return c != 0 })
	if i < 0 {
		return 0
	}
	return (len(b)-i-1)*8 + bits.Len8(b[i])
}

func fingerprint(blob []byte) string {
	sum := sha256.Sum256(blob)
	return "SHA256:" + base64.RawStdEncoding.EncodeToString(sum[:])
}
