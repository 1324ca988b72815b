package attack

import (
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
	"github.com/hardening-sdk/hardening/inventory/logins/shellrc"
)

// The grammar of start files:
//
//	file      = statement { statement }
//	statement = plain | "if" condition ";" "then" file [ "else" file ] "fi" | condition "&&" plain | "case" ... | "for" ...
var (
	shellPlain = []string{
		"umask 027", "umask 022", "umask 077", "umask 0027", "umask u=rwx,g=rx,o=", "umask g-w,o-rwx", "umask a=rwx", "umask -S >/dev/null", "umask $m", "m=027", "m=002",
		"export TMOUT=900", "TMOUT=900; export TMOUT", "TMOUT=600\nreadonly TMOUT\nexport TMOUT", "readonly TMOUT; export TMOUT", "readonly TMOUT=900", "export TMOUT=0", "unset TMOUT", "TMOUT=1; umask 070", "TMOUT=${TMOUT:-900}",
		": ${TMOUT:=300}", "TMOUT=${t:-120}", "t=3600", "TMOUT=$t", "TMOUT=\"$t\"0", "export TMOUT", "x=${TMOUT+set}", "x=${TMOUT:+full}",
		"PATH=$PATH:/opt/bin", "PATH=/opt/first:$PATH", "x=/opt/x\nPATH=$PATH:$x", "PATH=\"${PATH}:.\"", "export PATH=/usr/bin:/bin", "PATH=${PATH%:.}",
		"ulimit -c 0", "ulimit -S -c 0 > /dev/null 2>&1", "ulimit -n 1024",
		". /etc/inc.sh", "[ -r /etc/inc.sh ] && . /etc/inc.sh", "if [ -f /etc/absent.sh ]; then . /etc/absent.sh; fi", ". /etc/args.sh 077", "f", "g /opt/g after", "g /opt/h", "f; g /opt/bin",
		"eval 'umask 007'", "eval \"TMOUT=$t\"", "set -- 027 x; umask $1", "(umask 000)", "echo 1 | umask 000", "{ umask 026; }", "true || umask 000", "false && umask 000", "! false && umask 037",
		"cat >/dev/null <<X\numask 000\nX", "# umask 000\n:", "alias ll='ls -l'", "unset i", "export LANG=C", "stty -a >/dev/null 2>&1 || true", "while false; do umask 000; done", "IFS=:; for d in $list; do PATH=$PATH:$d; done; unset IFS", "list=/l/a:/l/b",
	}
	shellBash       = []string{"typeset -xr TMOUT=900", "declare -x TMOUT=900", "declare -r TMOUT", "TMOUT+=0", "[[ $- == *i* ]] && umask 017", "[[ -n $TMOUT && $TMOUT -gt 100 ]] || TMOUT=77", "source /etc/inc.sh", "function h { umask 067; }; h", "export -n TMOUT", "[[ $UID -ge 1000 ]] && umask 047"}
	shellConditions = []string{
		`[ -z "$TMOUT" ]`, `[ -n "$TMOUT" ]`, `[ "$TMOUT" ]`, `[ "${TMOUT+x}" ]`, `[ -z "${TMOUT:-}" ]`, `test -f /etc/inc.sh`, `[ -f /etc/absent.sh ]`, `[ -s /etc/empty ]`, `[ -e /etc/empty ]`, `[ -d /etc/profile.d ]`,
		`[ -x /usr/bin/dash ]`, `[ -x /usr/bin/nothing ]`, `[ -r /etc/inc.sh ]`, `[ ! -f /etc/inc.sh ]`, `[ "$PS1" ]`, `[ -n "$PS1" ]`, `[ "${PS1-}" ]`, `[ "$(id -u)" -eq 0 ]`, "[ `id -u` -ge 1000 ]", `[ "$x" = set ]`, `[ "$x" != full ]`, `[ -n "$BASH_VERSION" ]`,
		`[ "${BASH-}" ] && [ "$BASH" != "/bin/sh" ]`, `[ "$(umask)" = 0022 ]`, "[ `umask` -eq 0 ]", `[ "$HOME" = /root ]`, `[ "$USER" = root ]`, `true`, `false`, `[ 1 -eq 1 -a -f /etc/inc.sh ]`, `[ "$t" -gt 600 ] 2>/dev/null`, `[ "$UID" = 0 ]`, `[ -n "$UID" ] && [ $UID -gt 199 ]`, `[ "$m" ]`,
		`[ -z "$PS1" ] || [ -n "$t" ]`, `! [ -s /etc/inc.sh ]`, `[ "x$m" = "x027" ]`, `f >/dev/null`,
	}
)

const shellFunctions = `f () {
	if [ -z "$TMOUT" ] ; then
		TMOUT=450
		return 0
	fi
	umask 023
}
g () {
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
`

// shellCondition returns a condition. Few are of what no tree tells.
func shellCondition(r *rand.Rand) string {
	if r.IntN(100) == 0 {
		return `[ -n "$SSH_TTY" ]`
	}
	return pick(r, shellConditions)
}

func shellStatement(r *rand.Rand, bash bool, depth int) string {
	plain := func() string {
		if bash && r.IntN(6) == 0 {
			return pick(r, shellBash)
		}
		return pick(r, shellPlain)
	}
	body := func() string {
		var b strings.Builder
		for range 1 + r.IntN(2) {
			b.WriteString(shellStatement(r, bash, depth+1))
		}
		return b.String()
	}
	switch n := r.IntN(12); {
	case depth > 2 || n < 5:
		return plain() + "\n"
	case n < 7:
		return fmt.Sprintf("if %s; then\n%selse\n%sfi\n", shellCondition(r), body(), body())
	case n < 8:
		return fmt.Sprintf("if %s; then\n%sfi\n", shellCondition(r), body())
	case n < 9:
		line, _, _ := strings.Cut(plain(), "\n")
		if strings.HasPrefix(line, "cat") || strings.HasPrefix(line, "#") {
			line = "umask 027"
		}
		return fmt.Sprintf("%s %s { %s; }\n", shellCondition(r), pick(r, []string{"&&", "||"}), line)
	case n < 10:
		return fmt.Sprintf("case %s in\n%s)\n%s;;\n%s)\n%s;;\nesac\n", pick(r, []string{"$-", "$-", "\"$TMOUT\"", "$m", "\"${x}\"", "$USER"}), pick(r, []string{"*i*", "9*", "*[!0-9]*", "02?", "\"\"", "set|full", "root"}), body(), pick(r, []string{"*", "*", "\"\"|0*", "x"}), body())
	case n < 11:
		return fmt.Sprintf("for i in %s; do\n%sdone\n", pick(r, []string{"/a /b", "027 022", "/etc/profile.d/*.sh", "$list", "inc.sh args.sh"}), pick(r, []string{"PATH=$PATH:$i\n", "if [ -r \"/etc/$i\" ]; then\n. /etc/$i\nfi\n", "g $i\n", "[ -f /etc/$i ] && PATH=/etc/$i:$PATH\n", "t=$i\n"}))
	}
	return fmt.Sprintf("if %s; then\n%selif %s; then\n%selse\n%sfi\n", shellCondition(r), body(), shellCondition(r), body(), body())
}

// Real text of the same shape as Enterprise Linux has.
const shellOfEL = `
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
if [ -x /usr/bin/id ]; then
    if [ -z "$EUID" ]; then
        EUID=` + "`id -u`" + `
        UID=` + "`id -ru`" + `
    fi
    USER="` + "`id -un`" + `"
    LOGNAME=$USER
fi
if [ "$EUID" = "0" ]; then
    pathmunge /usr/sbin
    pathmunge /usr/local/sbin
else
    pathmunge /usr/local/sbin after
    pathmunge /usr/sbin after
fi
HISTSIZE=1000
export PATH USER LOGNAME HISTSIZE
if [ $UID -gt 199 ] && [ "` + "`id -gn`" + `" = "` + "`id -un`" + `" ]; then
    umask %s
else
    umask %s
fi
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
`

func shellFiles(r *rand.Rand, bash bool) map[string]string {
	var main strings.Builder
	if r.IntN(10) == 0 {
		fmt.Fprintf(&main, shellOfEL, pick(r, []string{"027", "027", "027", "027", "002"}), pick(r, []string{"027", "027", "027", "022"}))
	} else {
		main.WriteString(shellFunctions)
		for range 1 + r.IntN(5) {
			main.WriteString(shellStatement(r, bash, 0))
		}
		if r.IntN(2) == 0 {
			main.WriteString("for i in /etc/profile.d/*.sh; do\nif [ -r $i ]; then\n. $i\nfi\ndone\nunset i\n")
		}
	}
	files := map[string]string{"etc/profile": main.String(), "etc/inc.sh": pick(r, shellPlain) + "\n" + pick(r, []string{"", "return 0\n"}) + "umask 057\n", "etc/args.sh": "umask $1\n", "etc/empty": ""}
	for i := range 3 {
		name := fmt.Sprintf("etc/profile.d/%d.sh", i)
		if i < r.IntN(3) {
			files[name] = shellStatement(r, bash, 1) + shellStatement(r, bash, 1)
		} else {
			files[name] = ":\n"
		}
	}
	return files
}

const shellAsks = `umask; ulimit -H -c; echo "${TMOUT-unset}"; export -p | grep -c ' TMOUT'; readonly -p | grep -c ' TMOUT'; echo "$PATH"`

// Real bash and dash, of each of the trees, read the start files; what they come to has to be what is
// told, or not known.
func TestShellsComeToWhatIsTold(t *testing.T) {
	trees := shellTrees(t)
	const seed = 21
	r, states := rand.New(rand.NewPCG(seed, 0)), statesOf()
	count := map[string]int{}
	open := 0
	for i := range states {
		tree := trees[i%len(trees)]
		sh := shellrc.Shell{Script: "etc/profile", Bash: r.IntN(4) > 0, Interactive: r.IntN(2) > 0, Root: r.IntN(3) == 0, Mask: "022"}
		files := shellFiles(r, sh.Bash)
		text := fmt.Sprintf("%d %s %+v\n", i, filepath.Base(tree), sh)
		for name, content := range files {
			place(t, filepath.Join(tree, name), []byte(content))
			text += "-- " + name + " --\n" + content
		}
		got, ended := asksShell(t, tree, sh)
		if ended {
			count["ended"]++
			continue
		}
		names := []string{"umask", "TMOUT", "PATH"}
		for n, focus := range []string{"", "TMOUT", "PATH"} {
			sh.Focus = focus
			all, err := shellrc.Outcomes.Of(t.Context(), inventorytest.Folder(t, tree), sh)
			if err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			fits, told := false, true
			for _, o := range all {
				ok, sure := fitsShell(o, focus, got)
				fits = fits || ok
				told = told && sure && (len(all) == 1 || focus == "PATH") // the rule judges all values of PATH
			}
			if !fits {
				t.Errorf("%s: the shell came to %q, told is %q: %s", names[n], got, fmt.Sprint(all), text)
			}
			if !told {
				if count[names[n]+" unknown"]++; os.Getenv("HARDENING_SHOW") != "" {
					t.Logf("unknown: %s %q: %s", names[n], fmt.Sprint(all), text)
				}
			}
		}
		count["told"]++
		if !strings.HasSuffix(got[0], "27") && !strings.HasSuffix(got[0], "77") || got[2] != "900" && got[2] != "600" {
			open++
		}
	}
	t.Logf("seed %d, %d states: %v, %d of them open", seed, states, count, open)
	if open < states/5 {
		t.Errorf("only %d of %d states are open", open, states)
	}
	for _, name := range []string{"umask", "TMOUT", "PATH"} {
		if n := count[name+" unknown"]; n > states/10 {
			t.Errorf("%s: %d of %d states are unknown", name, n, states)
		}
	}
}

// fitsShell reports whether an outcome is what a shell printed, or does not know, and whether it knows.
func fitsShell(o shellrc.Outcome, focus string, got []string) (ok, sure bool) {
	if o.Lost {
		return true, false
	}
	v := o.Variable
	value := string(v.Value)
	if !v.Set {
		value = "unset"
	}
	number := func(b bool) string { return map[bool]string{true: "1", false: "0"}[b] }
	switch focus {
	case "TMOUT":
		if v.Set && !v.Value.Known() {
			return true, false
		}
		return value == got[2] && (!v.Set || number(v.Exported) == got[3]) && number(v.Protected) == got[4], true
	case "PATH":
		if strings.Contains(value, "\x00?\x00") {
			return true, false
		}
		return strings.ReplaceAll(value, "\x00PATH\x00", "/base/bin:/usr/bin:/bin") == got[5], true
	}
	core := "unlimited"
	if o.Core.Set {
		core = string(o.Core.Value)
	}
	if !o.Mask.Text.Known() || strings.Contains(core, "\x00") {
		return true, false
	}
	return "0"+string(o.Mask.Text) == got[0] && core == got[1], true
}

// asksShell returns what a shell prints, and whether it ended before.
func asksShell(t *testing.T, tree string, sh shellrc.Shell) (got []string, ended bool) {
	t.Helper()
	program, flags := "/usr/bin/dash", "-l"
	if sh.Bash {
		program = "/usr/bin/bash"
	}
	if sh.Interactive {
		flags += "i"
	}
	who, home := "1000:1000", "/home/alice"
	user := "alice"
	if sh.Root {
		who, home, user = "0:0", "/root", "root"
	}
	script := `umask 022; ulimit -c unlimited; exec chroot --userspec="$1" "$2" /usr/bin/env -i PATH=/base/bin:/usr/bin:/bin HOME="$3" USER="$4" LOGNAME="$4" "$5" "$6" -c "$7"`
	cmd := exec.CommandContext(t.Context(), "setsid", "--wait", "sh", "-c", script, "sh", who, tree, home, user, program, flags, shellAsks)
	out, _ := cmd.Output()
	lines := strings.Split(string(out), "\n")
	if len(lines) < 7 {
		return nil, true
	}
	return lines[len(lines)-7:], false
}

// shellTrees returns small trees with the shells of each of the suites.
func shellTrees(t *testing.T) []string {
	t.Helper()
	oracle.Need(t, "chroot")
	var all []string
	for _, suite := range oracle.Suites {
		from := oracle.Tree(t, suite)
		tree := filepath.Join(t.TempDir(), suite)
		small(t, from, tree, []string{"usr/bin/bash", "usr/bin/dash", "usr/bin/id", "usr/bin/grep", "usr/bin/cat", "usr/bin/stty", "usr/bin/env"})
		for dir := tree; dir != os.TempDir() && dir != "/"; dir = filepath.Dir(dir) {
			_ = os.Chmod(dir, 0o755)
		}
		for name, text := range sudoFiles {
			if strings.HasPrefix(name, "etc/") {
				place(t, filepath.Join(tree, name), []byte(text))
			}
		}
		oracle.Try(t, nil, "mknod", "-m", "666", filepath.Join(tree, "dev/null"), "c", "1", "3")
		all = append(all, tree)
	}
	return all
}
