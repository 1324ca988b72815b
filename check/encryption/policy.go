package encryption

import (
	"errors"
	"slices"
	"strings"

	"github.com/hardening-sdk/hardening/check"
	"github.com/hardening-sdk/hardening/check/kind"
	"github.com/hardening-sdk/hardening/inventory"
	"github.com/hardening-sdk/hardening/inventory/platforms/cryptopolicy"
)

// Policy is the kind encryption.policy. It requires that the cryptographic policy of the system,
// crypto-policies(7), is none of some, and has none of some modules. What is configured and what is
// in effect both have to be so. A system without such policies has nothing to judge.
type Policy struct {
	Refuse []string `yaml:"refuse,required" doc:"names of policies and modules: LEGACY, SHA1"`
}

// Check returns the check.
func (a Policy) Check() (check.Check, error) {
	if err := kind.Complete(&a); err != nil {
		return nil, err
	}
	if len(a.Refuse) == 0 {
		return nil, errors.New("refuse must not be empty")
	}
	return check.Of(cryptopolicy.Fact, a.judge), nil
}

func (a Policy) judge(v *check.Verdict, all []cryptopolicy.Name) {
	for _, n := range all {
		refused := slices.ContainsFunc(a.Refuse, func(r string) bool { return strings.EqualFold(r, n.Name) })
		v.Judge(!refused, check.Evidence{Position: n.Position, Subject: "cryptographic policy",
			Want: "none of " + strings.Join(a.Refuse, ","), Got: strings.ToUpper(n.Name)})
	}
	if len(all) == 0 {
		v.Say("there are no cryptographic policies")
		v.Absent(check.Evidence{Position: inventory.Position{Source: "etc/crypto-policies/config"}, Subject: "cryptographic policy"})
	}
}
