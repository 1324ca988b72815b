package cryptopolicy_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/platforms/cryptopolicy"
)

// update-crypto-policies is not there to ask. Its answers are those of its source,
// python/update-crypto-policies.py and python/cryptopolicies: it takes what stands before "#" without the white
// space around it, in capitals, and names that have no file are errors.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "DEFAULT", Sep: ":", Value: "NO-SHA1", Other: "SHA1", Comment: "#"}.Texts()
	texts["the policy alone"] = "DEFAULT\n"
	texts["an unknown policy"] = "XYZZY\n"
	texts["a module for a policy"] = "NO-SHA1\n"
	texts["a path"] = "../DEFAULT\n"
	bytetable.Test(t, "config", texts, func(t *testing.T, text string) string {
		all, err := cryptopolicy.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/crypto-policies/config": text})))
		if err != nil {
			return bytetable.Error
		}
		var names []string
		for _, n := range all {
			names = append(names, strings.ToUpper(n.Name))
		}
		return strings.Join(names, ", ")
	}, nil, nil)
}
