package shellrc_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

// format writes statements in short, with a "?" before conditional ones.
func format(all []shellrc.Statement) string {
	names := []string{"", "umask", "=", "export", "withhold", "readonly", "unset", ".", "return", "munge"}
	var out []string
	for _, s := range all {
		t := fmt.Sprintf("%d%s %s%s", s.Line, names[s.What], s.Name, strings.ReplaceAll(string(s.Value), "\x00", "%"))
		if s.Conditional {
			t = "?" + t
		}
		if s.IfZero {
			t = "0" + t
		}
		out = append(out, t)
	}
	return strings.Join(out, "; ")
}

func TestParse(t *testing.T) {
	for text, want := range map[string]string{
		"umask 027":                         "1umask 027",
		"umask '0'27 # x\n\numask -S\n":     "1umask 027",
		"umask 027 2>/dev/null >&2":         "1umask 027",
		"umask u=rwx,g=rx,o=":               "1umask u=rwx,g=rx,o=",
		"# umask 027\necho umask 027":       "",
		"if true; then umask 027; fi":       "?1umask 027",
		"true && umask 027 || umask 022":    "?1umask 027; ?1umask 022",
		"umask 027 | cat":                   "?1umask 027",
		"(umask 027)\numask 022":            "?1umask 027; 2umask 022",
		"{ umask 027; }":                    "?1umask 027",
		"f() { umask 027; }\numask 022":     "?1umask 027; 2umask 022",
		"function f {\n umask 027\n}":       "?2umask 027",
		"function f() {\n umask 027\n}":     "?2umask 027",
		"umask 027 &":                       "?1umask 027",
		"[ `umask` -eq 0 ] && umask 022":    "0?1umask 022",
		"umask $(cat /etc/mask)":            "1umask %?%",
		"umask \"${mask}\"":                 "1umask %mask%",
		"TMOUT=900":                         "1= TMOUT900",
		"TMOUT=900 readonly TMOUT":          "1readonly TMOUT",
		"TMOUT=900 bash":                    "",
		"readonly TMOUT=900 ; export TMOUT": "1= TMOUT900; 1readonly TMOUT; 1export TMOUT",
		"declare -xr TMOUT=900":             "1= TMOUT900; 1readonly TMOUT; 1export TMOUT",
		"typeset -r TMOUT=900":              "1= TMOUT900; 1readonly TMOUT",
		"export TMOUT=600 PATH":             "1= TMOUT600; 1export TMOUT; 1export PATH",
		"export -n TMOUT":                   "1withhold TMOUT",
		"export -p\nreadonly -f x":          "",
		"declare +x TMOUT":                  "1withhold TMOUT",
		"unset -v TMOUT":                    "1unset TMOUT",
		"TMOUT=$(cat x)":                    "1= TMOUT%?%",
		"TMOUT=`cat x | sed 's/`/'":         "error",
		"PATH=$PATH:/a:\"$HOME/bin\"":       "1= PATH%PATH%:/a:%HOME%/bin",
		"PATH+=:/a":                         "1= PATH%PATH%:/a",
		"case x in\n a|b) umask 022;;\n (c) umask 027\nesac\numask 077": "?2umask 022; ?3umask 027; 5umask 077",
		"for i in a b; do umask 027; done; umask 022":                   "?1umask 027; 1umask 022",
		"while true\ndo umask 027\ndone":                                "?2umask 027",
		"while true\ndo\numask 027; done":                               "?3umask 027",
		"for ((i=0;i<3;i++)); do umask 027; done\numask 022":            "?1umask 027; 2umask 022",
		"[[ $a && ( $b || umask ) ]] && umask 027\numask 022":           "?1umask 027; 2umask 022",
		"cat <<EOF\numask 027\nEOF\numask 022":                          "4umask 022",
		"cat <<-'E F'\n\tumask 027\n\tE F\numask 022":                   "4umask 022",
		"x=\"a\nb\"\numask 022":                                         "1= xa\nb; 3umask 022",
		"x='a\nb'\numask 022":                                           "1= xa\nb; 3umask 022",
		"a=1 \\\n b=2\numask 022":                                       "1= a1; 1= b2; 3umask 022",
		"x=$((1 + (2 << 3)))\numask 022":                                "1= x%?%; 2umask 022",
		"x=${y:-it's}\numask 022":                                       "1= x%?%; 2umask 022",
		": ${TMOUT:=900}":                                               "?1= TMOUT%?%",
		"eval 'TMOUT=900; umask 022'":                                   "?1= TMOUT%?%; ?1umask %?%",
		"'umask' 027; \\umask 022":                                      "1umask 027; 1umask 022",
		"builtin umask 027\ncommand umask 022":                          "1umask 027; 2umask 022",
		". /etc/x\nsource \"$HOME/y\"":                                  "1. /etc/x; 2. %HOME%/y",
		"[ -z \"$PS1\" ] && return\nreturn":                             "?1return ; 2return ",
		"pathmunge /usr/sbin after":                                     "1munge PATH/usr/sbin",
		"true &&\n umask 027":                                           "?2umask 027",
		"true\n umask 027":                                              "2umask 027",
		"! umask 027":                                                   "1umask 027",
		"echo $'it\\'s' ; umask 027":                                    "1umask 027",
		"echo \"$(echo \")\" ')' )\"; umask 027":                        "1umask 027",
		"echo a#b; umask 027":                                           "1umask 027",
		"\xef\xbb\xbfumask 027":                                         "",
		"x=(a 'b)' $(c))\numask 022":                                    "1= x%?%; 2umask 022",
		"PATH+=(a)":                                                     "1= PATH%PATH%%?%",
		"cat <(umask 027) >(cat)\numask 022":                            "2umask 022",
		"((x = 1 << 2)) && umask 027":                                   "?1umask 027",
		"ls !(a|b) @(c) +(d) x!(e)\numask 022":                          "2umask 022",
		"ls @(c|d) x+(d) x!(e)\numask 022":                              "2umask 022",
		"if true; then":                                                 "error",
		"fi":                                                            "error",
		"echo 'x":                                                       "error",
		"echo \"x":                                                      "error",
		"echo ${x":                                                      "error",
		"cat <<E\nx":                                                    "error",
		"umask 027\x00":                                                 "error",
		"echo >":                                                        "error",
		"umask 027 \\":                                                  "error",
		"umask 027\r\n":                                                 "1umask 027\r",
		strings.Repeat("\"$(", 1<<20):                                   "error",
		strings.Repeat("if ", 1<<20):                                    "error",
	} {
		all, err := shellrc.Parse([]byte(text))
		got := format(all)
		if err != nil {
			got = "error"
		}
		if got != want {
			t.Errorf("%.200q: got %s, %v, want %s", text, got, err, want)
		}
	}
}

// debian is a shortened etc/profile of Debian 12.
const debian = `-- etc/profile --
if [ "$(id -u)" -eq 0 ]; then
  PATH="/usr/sbin:/usr/bin"
fi
if [ "${PS1-}" ]; then
  if [ -f /etc/bash.bashrc ]; then
    . /etc/bash.bashrc
  fi
fi
if [ -d /etc/profile.d ]; then
  for i in /etc/profile.d/*.sh; do
    if [ -r $i ]; then
      . $i
    fi
  done
  unset i
fi
umask 022
-- etc/bash.bashrc --
[ -z "$PS1" ] && return
umask 077
-- etc/profile.d/a.sh --
TMOUT=900
. ~/.x
-- etc/profile.d/b.sh --
return
TMOUT=1
-- etc/profile.d/c.txt --
TMOUT=2
`

// rhel is a shortened etc/profile of RHEL 9.
const rhel = `-- etc/profile --
pathmunge () {
    case ":${PATH}:" in
        *:"$1":*)
            ;;
        *)
            if [ "$2" = "after" ] ; then
                PATH=$PATH:$1
            else
                PATH=$1:$PATH
            fi
    esac
}
if [ "$EUID" = "0" ]; then
    pathmunge /usr/sbin
fi
export PATH USER LOGNAME MAIL HOSTNAME HISTSIZE HISTCONTROL
for i in /etc/profile.d/*.sh /etc/profile.d/sh.local ; do
    if [ -r "$i" ]; then
        if [ "${-#*i}" != "$-" ]; then
            . "$i"
        else
            . "$i" >/dev/null
        fi
    fi
done
unset i
unset -f pathmunge
-- etc/profile.d/x.sh --
TMOUT=600
-- etc/profile.d/sh.local --
umask 027
`

func TestFact(t *testing.T) {
	for name, c := range map[string]struct{ fixture, want string }{
		"Debian":         {debian, "?2= PATH/usr/sbin:/usr/bin; ?2umask 077; 1= TMOUT900; ?15unset i; 17umask 022"},
		"run-parts":      {"-- etc/profile --\nfor i in $(run-parts --list --regex '^[a-zA-Z0-9_][a-zA-Z0-9._-]*\\.sh$' /etc/profile.d); do\n if [ -r $i ]; then . $i; fi\ndone\n-- etc/profile.d/a.sh --\numask 027\n-- etc/profile.d/b+c.sh --\numask 022\n", "1umask 027"},
		"Alpine":         {"-- etc/profile --\nfor script in /etc/profile.d/*.sh ; do\n\tif [ -r \"$script\" ] ; then\n\t\t. \"$script\"\n\tfi\ndone\n-- etc/profile.d/a.sh --\numask 027\n", "1umask 027"},
		"no loop":        {"-- etc/profile --\numask 022\n-- etc/profile.d/a.sh --\numask 027\n", "1umask 022"},
		"loop for some":  {"-- etc/profile --\nif [ \"$PS1\" ]; then for i in /etc/profile.d/*.sh; do . $i; done; fi\n-- etc/profile.d/a.sh --\numask 027\n", "?1umask 027"},
		"loop, not":      {"-- etc/profile --\nif ! [ -d /etc/profile.d ]; then for i in /etc/profile.d/*.sh; do . $i; done; fi\n-- etc/profile.d/a.sh --\numask 027\n", "?1umask 027"},
		"loop, and":      {"-- etc/profile --\nif [ \"$PS1\" ] && [ -d /etc/profile.d ]; then for i in /etc/profile.d/*.sh; do . $i; done; fi\n-- etc/profile.d/a.sh --\numask 027\n", "?1umask 027"},
		"nothing":        {"-- etc/passwd --\n", ""},
		"after a return": {"-- etc/profile --\n[ -n \"$x\" ] && return\numask 027\n", "?2umask 027"},
	} {
		all, err := profileOf(t.Context(), inventorytest.System(t, c.fixture))
		if got := format(all); err != nil || got != c.want {
			t.Errorf("%s: got %s, %v", name, got, err)
		}
	}
	all, err := profileOf(t.Context(), inventorytest.System(t, rhel))
	if got := format(all); err != nil || !strings.HasSuffix(got, "HISTCONTROL; 1= TMOUT600; 1umask 027; 26unset i") {
		t.Errorf("RHEL: got %s, %v", got, err)
	}
	for name, fixture := range map[string]string{
		"unreadable": "-- etc/profile error=EACCES --\n",
		"folder":     "-- etc/profile --\nfor i in /etc/profile.d/*.sh; do . $i; done\n-- etc/profile.d/a.sh dir --\n",
		"loop":       "-- etc/profile --\n. /etc/x\n-- etc/x --\n. /etc/y\n-- etc/y --\n. /etc/z\n-- etc/z --\nif\n",
	} {
		if all, err := profileOf(t.Context(), inventorytest.System(t, fixture)); err == nil {
			t.Errorf("%s: got %s", name, format(all))
		}
	}
}

// The mask and the variable with which bash ends a random script are among those that Masks and
// Variables return.
func TestAgreesWithBash(t *testing.T) {
	oracle.Need(t, "bash")
	r := rand.New(rand.NewPCG(1, 2))
	file := filepath.Join(t.TempDir(), "x")
	certain := 0
	for i := range 200 {
		text := randomScript(r, 0)
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		all, err := shellrc.File.Of(t.Context(), inventorytest.System(t, "-- x --\n"+text), "x")
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		out, _ := oracle.Code(t, "bash", "--noprofile", "--norc", "-c",
			"unset TMOUT; umask 022; . "+file+" >/dev/null 2>&1; umask; echo \"${TMOUT-unset}\"")
		f := strings.Fields(string(out))
		if len(f) != 2 {
			t.Fatalf("%q\n%s", out, text)
		}
		masks := shellrc.Masks(all, shellrc.Mask{Text: "022"})
		if !slices.ContainsFunc(masks, func(m shellrc.Mask) bool { return "0"+string(m.Text) == f[0] }) {
			t.Errorf("%d: got %v, want %s\n%s", i, masks, f[0], text)
		}
		values := shellrc.Variables(all, "TMOUT")
		if !slices.ContainsFunc(values, func(v shellrc.Variable) bool {
			return v.Set && string(v.Value) == f[1] ||
				!v.Set && f[1] == "unset"
		}) {
			t.Errorf("%d: got %v, want %s\n%s", i, values, f[1], text)
		}
		if len(masks) == 1 {
			certain++
		}
	}
	if certain < 20 {
		t.Errorf("only %d are certain", certain)
	}
}

func randomScript(r *rand.Rand, depth int) string {
	var b strings.Builder
	for range 1 + r.IntN(4) {
		mask := []string{"022", "027", "077"}[r.IntN(3)]
		n := r.IntN(16)
		if depth > 2 && n >= 9 {
			n = 0
		}
		switch n {
		case 0:
			fmt.Fprintf(&b, "umask %s\n", mask)
		case 1:
			fmt.Fprintf(&b, "TMOUT=%s # x\n", mask)
		case 2:
			fmt.Fprintf(&b, "export TMOUT='%s'\n", mask)
		case 3:
			fmt.Fprintf(&b, "unset TMOUT; :\n")
		case 4:
			fmt.Fprintf(&b, "true && umask %s || TMOUT=5\n", mask)
		case 5:
			fmt.Fprintf(&b, "[ `umask` -eq 0 ] && umask %s\n", mask)
		case 6:
			fmt.Fprintf(&b, "cat <<E\numask %s\nE\n", mask)
		case 7:
			fmt.Fprintf(&b, "echo \"$(umask %s; echo ')')\" 2>&1\n", mask)
		case 8:
			fmt.Fprintf(&b, "umask %s | cat\n", mask)
		case 9:
			fmt.Fprintf(&b, "if [ -d / ]; then\n%selse\n%sfi\n", randomScript(r, depth+1), randomScript(r, depth+1))
		case 10:
			fmt.Fprintf(&b, "case x in x|y) %s;; *) umask 022;; esac\n", randomScript(r, depth+1))
		case 11:
			fmt.Fprintf(&b, "for i in 1 2; do %sdone\n", randomScript(r, depth+1))
		case 12:
			fmt.Fprintf(&b, "f%d() {\n%s}\n", r.IntN(100), randomScript(r, depth+1))
		case 13:
			fmt.Fprintf(&b, "( %s )\n", randomScript(r, depth+1))
		case 14:
			fmt.Fprintf(&b, "{ %s}\n", randomScript(r, depth+1))
		case 15:
			fmt.Fprintf(&b, "false || return\n")
		}
	}
	return b.String()
}

// The start files of this machine and of Debian are parsed, and bash accepts them as well.
func TestRealFiles(t *testing.T) {
	oracle.Need(t, "bash")
	tree := oracle.Tree(t, "bookworm")
	for _, pattern := range []string{"/etc/profile", "/etc/bash.bashrc", "/etc/profile.d/*.sh", "/etc/skel/.*rc",
		"/root/.profile", "/usr/bin/which.debianutils", "/usr/sbin/add-shell", "/lib/init/*.sh",
		"/usr/share/debconf/confmodule"} {
		files, err := filepath.Glob(tree + pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			b, err := os.ReadFile(f)
			if err != nil {
				t.Fatal(err)
			}
			_, code := oracle.Code(t, "bash", "-n", f)
			if _, err := shellrc.Parse(b); (err == nil) != (code == 0) {
				t.Errorf("%s: got %v, bash -n %d", f, err, code)
			}
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{debian, rhel, "\xef\xbb\xbfumask 027\r\n", "umask \\", "x='", "a=$(", "\x00",
		"case x in", "for", "f()", "if if if", "TMOUT=1;TMOUT=2"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		all, err := shellrc.Parse(b)
		if err != nil && all != nil {
			t.Fatal("statements beside an error")
		}
		for _, s := range all {
			if s.Line < 1 || s.Line > strings.Count(string(b), "\n")+1 {
				t.Fatalf("%+v", s)
			}
		}
		shellrc.Masks(all, shellrc.Mask{Text: "022"})
		shellrc.Variables(all, "PATH")
	})
}

func ExampleVariables() {
	all, err := shellrc.Parse([]byte("TMOUT=900\nreadonly TMOUT\nexport TMOUT\n"))
	v := shellrc.Variables(all, "TMOUT")[0]
	fmt.Println(v.Value, v.Protected, v.Exported, err)
	// Output: 900 true true <nil>
}
