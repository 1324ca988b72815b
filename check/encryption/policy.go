package encryption

import (
	"errors"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/inventory/platforms/cryptopolicy"
)

// Policy asks that the cryptographic policy of the system, crypto-policies(7), is none of some, and
// has none of some modules. What is configured and what is in effect both have to be so. A system
// without such policies has nothing to judge.
type Policy struct {
	Refuse []string `yaml:"refuse,required"` // names of policies and modules: LEGACY, SHA1
}

// Check makes the check.
func (a Policy) Check() (check.Check, error) {
	if len(a.Refuse) == 0 {
		return nil, errors.New("refuse must not be empty")
	}
	return check.OldOf(cryptopolicy.Fact, a.judge), nil
}

func (a Policy) judge(all []cryptopolicy.Name) check.Result {
	r := check.Each(all, func(n cryptopolicy.Name) (check.Evidence, bool) {
		ev := check.Evidence{Position: n.Position, Subject: "cryptographic policy",
			Want: "none of " + strings.Join(a.Refuse, ","), Got: strings.ToUpper(n.Name)}
		return ev, slices.ContainsFunc(a.Refuse, func(r string) bool { return strings.EqualFold(r, n.Name) })
	})
	if r.Status == check.NotApplicable {
		r.Message = "there are no cryptographic policies"
	}
	return r
}
