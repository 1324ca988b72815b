package account_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/account"
	"github.com/hardening-sdk/hardening/check/checktest"
	"github.com/hardening-sdk/hardening/check/pseudonym"
	"github.com/hardening-sdk/hardening/inventory/accounts/crypt"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

const accounts = `
-- etc/passwd --
root:x:0:0::/root:/bin/sh
toor:x:0:0::/root:/bin/sh
pump:x:105:105::/:/bin/sh
-- etc/shadow --
root:$y$j9T$salt$hash:19000::::::
toor::19000::::::
pump:$1$salt$hash:19000::::::
`

func TestChecks(t *testing.T) {
	for name, c := range map[string]struct {
		make    func() (check.Check, error)
		status  check.Status
		subject string
	}{
		"superusers":           {account.Superusers{}.Check, check.Fail, "toor"},
		"superusers, allowed":  {account.Superusers{Allow: []string{"root", "toor"}}.Check, check.Pass, ""},
		"superusers, none":     {account.Superusers{Allow: []string{}}.Check, check.Fail, "root"},
		"empty password":       {account.EmptyPassword{}.Check, check.Fail, "toor"},
		"hashing":              {account.Hashing{}.Check, check.Fail, "pump"},
		"hashing, all allowed": {account.Hashing{Allow: []crypt.Scheme{crypt.Yescrypt, crypt.MD5}}.Check, check.Pass, ""},
		"system accounts":      {account.SystemLocked{}.Check, check.Fail, "pump"},
		"system, allowed":      {account.SystemLocked{Allow: []string{"pump"}}.Check, check.NotApplicable, ""},
		"system, other shells": {account.SystemLocked{NoLogin: []string{"/bin/sh"}}.Check, check.Pass, ""},
		"unique":               {account.Unique{}.Check, check.Fail, "toor"},
	} {
		made, err := c.make()
		r, err := checktest.Judge(accounts, made, err)
		if err != nil || r.Status != c.status || c.subject != "" && r.Evidence[0].Subject != c.subject {
			t.Errorf("%s: got %s %v, %v, want %s of %q", name, r.Status, r.Evidence, err, c.status, c.subject)
		}
	}
}

// No evidence and no message shows a hash.
func TestNothingShowsAHash(t *testing.T) {
	for _, make := range []func() (check.Check, error){account.Hashing{}.Check, account.EmptyPassword{}.Check, account.SystemLocked{}.Check} {
		made, err := make()
		r, err := checktest.Judge(accounts, made, err)
		if text := fmt.Sprintf("%+v", r); err != nil || strings.Contains(text, "salt") || strings.Contains(text, "j9T") {
			t.Errorf("got %s, %v", text, err)
		}
	}
}

func ExampleSuperusers() {
	c, err := account.Superusers{}.Check()
	r, err := checktest.Judge(accounts, c, err)
	fmt.Println(r.Status, r.Evidence[0].Source, r.Evidence[0].Line, r.Evidence[0].Subject, err)
	// Output: fail etc/passwd 2 toor <nil>
}

func TestNames(t *testing.T) {
	sys := inventorytest.System(t, "-- etc/hostname --\nward-3.example.org\n-- etc/passwd --\nroot:x:0:0:::\nnobody:x:65534:65534:::\nalice:x:1000:1000:::\nold:x:500:500:::\n-- etc/login.defs --\nUID_MIN 500\n")
	got, err := account.Names(t.Context(), sys)
	want := []pseudonym.Name{{Kind: "host", Value: "ward-3.example.org"}, {Kind: "host", Value: "ward-3"}, {Kind: "user", Value: "alice"}, {Kind: "user", Value: "old"}}
	if !slices.Equal(got, want) || err != nil {
		t.Errorf("got %v, %v", got, err)
	}
	for name, fixture := range map[string]string{"no accounts": "", "unreadable host name": "-- etc/passwd --\nroot:x:0:0:::\n-- etc/hostname error=EIO --\n"} {
		if got, err := account.Names(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %v, want an error", name, got)
		}
	}
}
