package dnf_test

import (
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/packages/dnf"
)

// DNF is not there to ask. Its answers are those of libdnf/utils/iniparser/iniparser.cpp of libdnf 0.73: a line
// that begins with a blank continues the value before it, or is refused; the name of a section is all
// between its brackets, with nothing behind them; comments begin in the first column. A value of yes and
// no is one of a few words, in letters of any case (libdnf/conf/OptionBool.cpp).
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Head: "[a]\nname=a\n", Key: "gpgcheck", Sep: "=", Value: "1", Other: "0", Comment: "#"}.Texts()
	texts["a word behind a section"] = "[a] x\ngpgcheck=1\n"
	texts["brackets in a section"] = "[a]]\ngpgcheck=1\n"
	texts["no section"] = "gpgcheck=1\n"
	texts["yes"] = "[a]\ngpgcheck=Yes\n"
	texts["two"] = "[a]\ngpgcheck=2\n"
	bytetable.Test(t, "repo", texts, func(t *testing.T, text string) string {
		all, err := dnf.Repos.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/dnf/dnf.conf": "[main]\ngpgcheck=0\n", "etc/yum.repos.d/a.repo": text})))
		if err != nil {
			return bytetable.Error
		}
		var got []string
		for _, r := range all {
			got = append(got, r.ID+" "+r.GPGCheck.Value)
		}
		return strings.Join(got, ", ")
	}, nil, nil)
}
