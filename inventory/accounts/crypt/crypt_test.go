package crypt_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
)

func TestParse(t *testing.T) {
	for field, c := range map[string]struct {
		text           string
		locked, usable bool
	}{
		"":                       {"empty", false, true},
		"x":                      {"no password", false, false},
		"*":                      {"no password", true, false},
		"!":                      {"no password", true, false},
		"!!":                     {"no password", true, false},
		"!*":                     {"no password", true, false},
		"*LK*":                   {"no password", true, false},
		"$y$j9T$abc$def":         {"yescrypt", false, true},
		"!$y$j9T$abc$def":        {"locked yescrypt", true, false},
		"$6$salt$hash":           {"sha512crypt", false, true},
		"$5$rounds=5000$s$h":     {"sha256crypt", false, true},
		"$2b$12$abcdefghijk":     {"bcrypt", false, true},
		"$7$CU..../....x$y":      {"scrypt", false, true},
		"$1$salt$hash":           {"md5crypt", false, true},
		"$md5,rounds=1$s$$h":     {"sunmd5", false, true},
		"$sha1$1$s$h":            {"sha1crypt", false, true},
		"$3$$8846f7eaee8fb117ad": {"nt", false, true},
		"_J9..rasmBYk8r9AiWNc":   {"bsdicrypt", false, true},
		"rasmusleERDRF":          {"descrypt", false, true},
		"##root":                 {"no password", false, false},
		"*NP*":                   {"no password", true, false},
		"short":                  {"?", false, true},
		"$99$new$method":         {"?", false, true},
	} {
		f := crypt.Parse(field)
		if f.String() != c.text || f.Locked() != c.locked || f.Usable() != c.usable {
			t.Errorf("%q: got %s, locked %v, usable %v, want %+v", field, f, f.Locked(), f.Usable(), c)
		}
	}
	if !crypt.Parse("x").Shadowed() || !crypt.Parse("##root").Shadowed() || !crypt.Parse("*NP*").Shadowed() ||
		crypt.Parse("!x").Shadowed() || (crypt.Field{}).Shadowed() {
		t.Error("shadowed is the field x, or what pam_unix takes for it, and no other")
	}
}

func TestNothingShowsTheHash(t *testing.T) {
	const secret = "S3cretHashText"
	type account struct {
		Name     string
		Password crypt.Field
		hidden   crypt.Field
	}
	a := account{"root", crypt.Parse("$6$" + secret), crypt.Parse("$6$" + secret)}
	var log strings.Builder
	slog.New(slog.NewJSONHandler(&log, nil)).Info("x", "account", a, "field", a.Password)
	j, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	b := account{"root", crypt.Parse("$5$other"), a.hidden}
	diff := cmp.Diff(a, b, cmp.AllowUnexported(account{}))
	for how, text := range map[string]string{
		"%v": fmt.Sprintf("%v", a), "%+v": fmt.Sprintf("%+v", a), "%#v": fmt.Sprintf("%#v", a),
		"%s": fmt.Sprintf("%s", a.Password), "%q": fmt.Sprintf("%q", a.Password), "%x": fmt.Sprintf("%x", a.Password),
		"pointer": fmt.Sprintf("%+v", &a), "json": string(j), "log": log.String(), "cmp": diff,
	} {
		if strings.Contains(text, secret) || strings.Contains(text, fmt.Sprintf("%x", secret)) {
			t.Errorf("%s shows it: %s", how, text)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("!$6$a$b")
	f.Add("rasmusleERDRF")
	f.Fuzz(func(t *testing.T, s string) {
		p := crypt.Parse(s)
		if p.Locked() && p.Usable() || p.Empty() != (s == "") {
			t.Fatalf("%q: %s", s, p)
		}
	})
}

func ExampleParse() {
	for _, field := range []string{"", "*", "!$y$j9T$salt$hash", "$6$salt$hash"} {
		f := crypt.Parse(field)
		fmt.Printf("%s, opens with a password or none: %v\n", f, f.Usable())
	}
	// Output:
	// empty, opens with a password or none: true
	// no password, opens with a password or none: false
	// locked yescrypt, opens with a password or none: false
	// sha512crypt, opens with a password or none: true
}
