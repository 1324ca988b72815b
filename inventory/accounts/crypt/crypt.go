// Package crypt classifies hashed passwords in the form of crypt(5), as the second
// fields of passwd(5) and shadow(5) hold them, without ever showing one.
package crypt

import (
	"fmt"
	"io"
	"log/slog"
	"strings"
)

// Field is the password field of an account. It tells what kind of entry it is, and
// keeps the entry itself where printing, JSON, logging and comparing do not reach. The
// zero value is an empty field.
type Field struct{ p *entry }

type entry struct {
	text   string
	scheme Scheme
	locked bool
}

// Scheme is a hashing method by its name in crypt(5), such as "yescrypt".
type Scheme string

// The schemes of crypt(5), and what is not one.
const (
	None       Scheme = ""  // no hash: an empty field, or one that no password matches
	Invalid    Scheme = "?" // something that no known method produces
	Yescrypt   Scheme = "yescrypt"
	GostYes    Scheme = "gost-yescrypt"
	SM3Yes     Scheme = "sm3-yescrypt"
	Scrypt     Scheme = "scrypt"
	Bcrypt     Scheme = "bcrypt"
	SHA512     Scheme = "sha512crypt"
	SHA256     Scheme = "sha256crypt"
	SM3        Scheme = "sm3crypt"
	SHA1       Scheme = "sha1crypt"
	SunMD5     Scheme = "sunmd5"
	MD5        Scheme = "md5crypt"
	BSDi       Scheme = "bsdicrypt"
	BigOrDES   Scheme = "descrypt"
	NTHash     Scheme = "nt"
	prefixLock        = "!"
)

// prefixes are how hashes begin, crypt(5) of libxcrypt 4.4.
var prefixes = []struct {
	prefix string
	scheme Scheme
}{
	{"$y$", Yescrypt}, {"$gy$", GostYes}, {"$sm3y$", SM3Yes}, {"$7$", Scrypt},
	{"$2a$", Bcrypt}, {"$2b$", Bcrypt}, {"$2x$", Bcrypt}, {"$2y$", Bcrypt},
	{"$6$", SHA512}, {"$5$", SHA256}, {"$sm3$", SM3}, {"$sha1", SHA1}, {"$md5", SunMD5},
	{"$1$", MD5}, {"$3$", NTHash}, {"_", BSDi},
}

// Parse classifies a password field. Leading exclamation marks lock it, as passwd -l
// has it; a field of "*", "!", "x" and the like has no hash at all.
func Parse(field string) Field {
	if field == "" {
		return Field{}
	}
	hash := strings.TrimLeft(field, prefixLock)
	return Field{&entry{field, schemeOf(hash), hash != field || strings.HasPrefix(field, "*")}}
}

func schemeOf(hash string) Scheme {
	switch hash {
	case "", "*", "x", "*LK*", "*NP*", "!":
		return None
	}
	if strings.HasPrefix(hash, "##") {
		return None
	}
	for _, p := range prefixes {
		if strings.HasPrefix(hash, p.prefix) {
			return p.scheme
		}
	}
	if len(hash) >= 13 && strings.Trim(hash, hash64) == "" {
		return BigOrDES
	}
	if strings.HasPrefix(hash, "*") {
		return None
	}
	return Invalid
}

// hash64 is the alphabet of traditional hashes.
const hash64 = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

// Empty reports whether the field is empty, so that no password is asked for.
func (f Field) Empty() bool { return f.p == nil }

// Locked reports whether the field begins with "!" or "*", so that no password matches.
func (f Field) Locked() bool { return f.p != nil && f.p.locked }

// Shadowed reports whether the hash is in shadow(5): the field is "x" or, as pam_unix(8) has
// it as well, "##" with the name of the account, or "*NP*".
func (f Field) Shadowed() bool {
	return f.p != nil && (f.p.text == "x" || f.p.text == "*NP*" || strings.HasPrefix(f.p.text, "##"))
}

// Scheme answers the method of the hash, that of a locked one too.
func (f Field) Scheme() Scheme {
	if f.p == nil {
		return None
	}
	return f.p.scheme
}

// Usable reports whether some password opens the account: there is a hash, or none is
// asked for, and the field is not locked.
func (f Field) Usable() bool {
	return f.Empty() || !f.p.locked && f.p.scheme != None
}

// String says what kind of field it is, such as "locked yescrypt", and nothing of it.
func (f Field) String() string {
	switch {
	case f.Empty():
		return "empty"
	case f.p.scheme == None:
		return "no password"
	case f.p.locked:
		return "locked " + string(f.p.scheme)
	}
	return string(f.p.scheme)
}

// Format prints what [Field.String] says, whatever the verb.
func (f Field) Format(s fmt.State, _ rune) { io.WriteString(s, f.String()) }

// MarshalText answers what [Field.String] says.
func (f Field) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// LogValue logs what [Field.String] says.
func (f Field) LogValue() slog.Value { return slog.StringValue(f.String()) }

// Equal reports whether both are of the same kind, so that a comparison never has a
// reason to look inside.
func (f Field) Equal(o Field) bool { return f.String() == o.String() }
