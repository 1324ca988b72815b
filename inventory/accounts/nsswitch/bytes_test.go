package nsswitch_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/accounts/nsswitch"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// getent finds an account of the file where the service "files" is asked, which is so without a line
// too.
func TestBytes(t *testing.T) {
	texts := bytetable.Line{Key: "passwd", Sep: ": ", Value: "xyz", Other: "files", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"an action": "passwd: files [NOTFOUND=return] xyz\n", "an action before": "passwd: xyz [NOTFOUND=return] files\n", "an action without blanks": "passwd: xyz[NOTFOUND=continue]files\n", "an open action": "passwd: xyz [NOTFOUND=return files\n", "an action closed twice": "passwd: xyz [NOTFOUND=return]] files\n",
		"an action that is none": "passwd: xyz [PLUGH] files\n", "an action of two": "passwd: xyz [!SUCCESS=continue UNAVAIL=continue] files\n", "a bracket in a word": "passwd: fi[les]\n", "in capitals": "passwd: FILES\n", "no blank": "passwd:files\n", "a blank before the colon": "passwd : xyz\n", "a comma": "passwd: files,xyz\n",
		"no service": "passwd:\n", "no service, then the line": "passwd:\npasswd: xyz\n", "another first": "group: xyz\npasswd: files\n", "two databases": "passwd group: xyz\n", "comment without a blank": "passwd: xyz#files\n", "a number": "passwd: 1files\n", "a dash": "passwd: fi-les\n", "an action first": "passwd: [NOTFOUND=return] files\n",
		"an action alone": "passwd: [NOTFOUND=return]\n", "merged": "passwd: files [SUCCESS=merge] xyz\n", "a word behind an action": "passwd: xyz [NOTFOUND=continue]xyz files\n",
	})
	var tree string
	bytetable.Test(t, "nsswitch", texts, func(t *testing.T, text string) string {
		c, err := nsswitch.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/nsswitch.conf": text})))
		if err != nil {
			return bytetable.Error
		}
		if services, ok := c["passwd"]; !ok || slices.Contains(services, "files") {
			return "files"
		}
		return ""
	}, func(_ *testing.T, text string) string {
		if tree == "" {
			tree = oracle.Copy(t, oracle.Tree(t, "bookworm"))
		}
		if err := os.WriteFile(filepath.Join(tree, "etc/nsswitch.conf"), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, code := oracle.ChrootCode(t, tree, "getent", "passwd", "root"); code == 0 {
			return "files"
		}
		return ""
	}, map[string]string{"merged": "the C library cannot merge accounts, and finds none then; that both services are named is all that is judged"})
}
