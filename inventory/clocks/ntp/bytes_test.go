package ntp_test

import (
	"bufio"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/hardening-sdk/hardening/internal/bytetable"
	"github.com/hardening-sdk/hardening/internal/oracle"
	"github.com/hardening-sdk/hardening/inventory/clocks/ntp"
	"github.com/hardening-sdk/hardening/inventory/inventorytest"
)

// ntpd of NTPsec tells the associations that it makes of a file, in a network of its own. Debian lets a
// machine have one daemon for the time, and the other tests need chrony. The answers of the table are
// those of ntpsec 1.2.2+dfsg1-1+deb12u1, asked where HARDENING_NTPSEC names its program.
func TestBytes(t *testing.T) {
	var program bytetable.Reader
	if path := os.Getenv("HARDENING_NTPSEC"); path != "" {
		program = func(t *testing.T, text string) string { return askNTPsec(t, path, text) }
	}
	for name, c := range map[string]struct {
		line bytetable.Line
		more map[string]string
	}{
		"server": {bytetable.Line{Key: "server", Sep: " ", Value: "192.0.2.1", Other: "192.0.2.2", Comment: "#"}, map[string]string{
			"quoted": "server \"192.0.2.1\"\n", "quoted, open": "server \"192.0.2.1\n", "quoted, junk": "server \"192.0.2.1\"x\n", "quoted in it": "server 192.\"0.2.1\"\n", "directive quoted": "\"server\" 192.0.2.1\n", "a quoted blank": "server \"192.0.2.1 \"\n", "a quoted comment": "server \"192.0.2.1#x\"\n",
			"family": "server -4 192.0.2.1\n", "family twice": "server -4 -4 192.0.2.1\n", "unknown family": "server -5 192.0.2.1\n", "family behind": "server 192.0.2.1 -4\n", "family of words": "server ipv4 192.0.2.1\n", "local clock": "server 127.127.1.0\nserver 192.0.2.1\n", "no such option": "server 192.0.2.1 xyzzy\n", "prefer": "server 192.0.2.1 prefer\n", "noselect": "server 192.0.2.1 noselect\n", "noselect in capitals": "server 192.0.2.1 NOSELECT\n", "noselect at a comment": "server 192.0.2.1 noselect#x\n",
			"noselect behind junk": "server 192.0.2.1 xyzzy noselect\n", "noselect behind autokey": "server 192.0.2.1 autokey noselect\n", "noselect behind options": "server 192.0.2.1 iburst burst prefer minpoll 4 maxpoll 6 version 4 key 1 noselect\n", "a driver that is not built": "refclock oncore\n", "noselect in a comment": "server 192.0.2.1 # noselect\n", "noselect quoted": "server 192.0.2.1 \"noselect\"\n", "noselect, bad": "server 192.0.2.1 noselect xyzzy\n", "minpoll": "server 192.0.2.1 minpoll 4 maxpoll 10\n", "minpoll without a number": "server 192.0.2.1 minpoll\n", "minpoll, no number": "server 192.0.2.1 minpoll x\n", "minpoll, large": "server 192.0.2.1 minpoll 99\n", "version": "server 192.0.2.1 version 9\n", "key": "server 192.0.2.1 key 1\n", "a key of zero": "server 192.0.2.1 key 0\n", "iburst": "server 192.0.2.1 iburst burst\n",
			"an equals sign at an option": "server 192.0.2.1 minpoll=4\n", "a bracket": "server (192.0.2.1)\n", "a port": "server 192.0.2.1:123\n", "IPv6": "server 2001:db8::1\n", "IPv6 in brackets": "server [2001:db8::1]\n", "unpeer": "server 192.0.2.1\nunpeer 192.0.2.1\n", "unpeer of another": "server 192.0.2.1\nunpeer 192.0.2.2\n", "unpeer before": "unpeer 192.0.2.1\nserver 192.0.2.1\n", "unpeer, bad": "server 192.0.2.1\nunpeer 192.0.2.1 x\n", "unconfig": "server 192.0.2.1\nunconfig 192.0.2.1\n",
			"peer": "peer 192.0.2.1\n", "pool": "pool 192.0.2.1\n", "manycastclient": "manycastclient 224.0.1.1\n", "broadcast": "broadcast 192.0.2.255\n", "the same again": "server 192.0.2.1\nserver 192.0.2.1\n", "the same again, noselect": "server 192.0.2.1\nserver 192.0.2.1 noselect\n", "noselect, then the same": "server 192.0.2.1 noselect\nserver 192.0.2.1\n", "junk before on the line": "x server 192.0.2.1\n", "two on a line": "server 192.0.2.1 server 192.0.2.2\n", "two by a semicolon": "server 192.0.2.1; server 192.0.2.2\n",
			"a bad line before": "restrict x y z\nserver 192.0.2.1\n", "an open quote before": "keys \"/etc/x\nserver 192.0.2.1\n", "an open quote behind": "server 192.0.2.1\nkeys \"/etc/x\n", "a broken block": "simulate { server 192.0.2.1\n", "a brace": "{\nserver 192.0.2.1\n}\n", "tinker": "tinker panic 0\nserver 192.0.2.1\n", "a semicolon line": "; x\nserver 192.0.2.1\n", "an exclamation mark": "! x\nserver 192.0.2.1\n", "a slash comment": "// x\nserver 192.0.2.1\n", "a file that is not there": "includefile /nowhere\nserver 192.0.2.1\n",
			"an option as a server": "server iburst\n", "a number": "server 3221225985\n", "a short address": "server 192.2\n", "zeros": "server 192.000.002.001\n", "a driver": "refclock shm unit 0\n", "a driver that is local": "refclock local unit 0\n", "a driver quoted": "refclock \"local\"\n", "a driver in capitals": "refclock LOCAL\n", "no such driver": "refclock xyzzy\n", "a driver with noselect": "refclock shm noselect\n", "a driver of old": "server 127.127.28.0\n", "a driver's fudge": "server 127.127.28.0\nfudge 127.127.28.0 stratum 1\n", "nothing but tos": "tos minclock 3\n",
			"end": "server 192.0.2.1\nend\nserver 192.0.2.2\n", "long line": "server 192.0.2.1 " + strings.Repeat("iburst ", 300) + "\n", "longest word": "server " + strings.Repeat("1", 1100) + "\nserver 192.0.2.1\n", "long comment": "#" + strings.Repeat("x", 5000) + "\nserver 192.0.2.1\n",
		}},
		"option": {bytetable.Line{Key: "server", Sep: " ", Value: "192.0.2.1 noselect", Other: "192.0.2.2 iburst", Comment: "#"}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			texts := c.line.Texts()
			maps.Copy(texts, c.more)
			bytetable.Test(t, name, texts, func(t *testing.T, text string) string {
				all, err := ntp.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/ntpsec/ntp.conf": text})), ntp.Sec)
				if err != nil {
					return bytetable.Error
				}
				var names []string
				for _, s := range all {
					names = append(names, strings.Replace(s.Value, "shm", "127.127.28.0", 1)) // the driver's address
				}
				return printable(strings.Join(names, ", "))
			}, program, nil)
		})
	}
}

// ntpd of OpenNTPD tells whether it takes a file, and no values. It cannot be beside the others on a
// machine of Debian either: the answers are those of openntpd 1:6.2p3-4.2+b1, asked where HARDENING_OPENNTPD names it.
func TestOpenBytes(t *testing.T) {
	texts := bytetable.Line{Key: "server", Sep: " ", Value: "192.0.2.1 weight 2", Other: "192.0.2.2", Comment: "#"}.Texts()
	maps.Copy(texts, map[string]string{
		"servers": "servers pool.example\n", "sensor": "sensor *\n", "a sensor's options": "sensor nmea0 correction -5 refid GPS stratum 2 trusted weight 3\n", "a sensor's options, no trust": "sensor nmea0 correction -5 refid GPS stratum 2 weight 3\n", "options in another order": "sensor * weight 3 refid GPS\n", "weight of none": "server a weight\n", "weight of 0": "server a weight 0\n", "weight of 11": "server a weight 11\n", "weight, octal": "server a weight 010\n", "trusted": "server 192.0.2.1 trusted\n",
		"stratum of a server": "server a stratum 2\n", "listen": "listen on *\nserver a\n", "listen to two": "listen on * 192.0.2.1\n", "listen, alone": "listen on\n", "listen with a table": "listen on 127.0.0.1 rtable 0\n", "query": "query from 192.0.2.1\n", "query from a name": "query from xyzzy\n", "constraint": "constraint from \"https://x.example\"\n", "constraints": "constraints from \"https://x.example\"\n", "constraint to": "constraint to \"https://x\"\n",
		"ntp.org": "server 192.0.2.1 iburst\n", "restrict": "restrict default\nserver a\n", "two on a line": "server a server b\n", "a macro": "a = \"192.0.2.1\"\nserver $a\n", "include": "include \"/dev/null\"\nserver a\n", "bracket": "server (a)\n", "IPv6": "server 2001:db8::1\n", "IPv6 in brackets": "server [2001:db8::1]\n", "a brace": "server {a}\n", "a comma": "server a,b\n", "quoted": "server \"a\"\n", "quoted blank": "server \"a b\"\n", "quoted in it": "server a\"b\"\n",
	})
	var program bytetable.Reader
	if path := os.Getenv("HARDENING_OPENNTPD"); path != "" {
		program = func(t *testing.T, text string) string {
			file := filepath.Join(bytetable.Tree(t, map[string]string{"ntpd.conf": text}), "ntpd.conf")
			if _, code := oracle.Code(t, path, "-n", "-f", file); code != 0 {
				return bytetable.Error
			}
			return "taken"
		}
	}
	bytetable.Test(t, "openntpd", texts, func(t *testing.T, text string) string {
		if _, err := ntp.Fact.Of(t.Context(), inventorytest.Folder(t, bytetable.Tree(t, map[string]string{"etc/openntpd/ntpd.conf": text})), ntp.OpenD); err != nil {
			return bytetable.Error
		}
		return "taken"
	}, program, nil)
}

var association = regexp.MustCompile(`^newpeer: \S+->(\S+) .* flags 0x([0-9a-f]+) `)

// askNTPsec returns the associations that the clock may follow.
func askNTPsec(t *testing.T, path, text string) string {
	oracle.Need(t, "unshare", "timeout")
	file := filepath.Join(bytetable.Tree(t, map[string]string{"ntp.conf": text}), "ntp.conf")
	c := oracle.Command(t, "unshare", "-Urnpf", "--kill-child", "timeout", "10", path, "-n", "-D", "3", "-c", file)
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.Stderr = c.Stdout
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	var names []string
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	last := ""
	for lines.Scan() {
		line := lines.Text()
		if m := regexp.MustCompile(`^event at 0 (.*) \S+ \S+ mobilize`).FindStringSubmatch(line); m != nil {
			last = m[1]
		}
		if m := association.FindStringSubmatch(line); m != nil {
			var flags uint
			if _, err := fmt.Sscanf(m[2], "%x", &flags); err != nil {
				t.Fatal(err)
			}
			if flags&0x200 == 0 && !strings.HasPrefix(last, "127.127.1.") {
				names = append(names, last)
			}
		}
		if strings.Contains(line, "demobilize") {
			names = slices.DeleteFunc(names, func(name string) bool { return strings.HasPrefix(line, "event at 0 "+name+" ") })
		}
		if strings.Contains(line, "MRU") {
			break
		}
	}
	_ = c.Process.Kill()
	_ = c.Wait()
	return printable(strings.Join(names, ", "))
}

// printable keeps a value on its line of the table.
func printable(value string) string {
	quoted := fmt.Sprintf("%q", value)
	return strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`)
}
