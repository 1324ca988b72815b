package builtin_test
import ("testing";"bytes";"os";"encoding/json";"go.yaml.in/yaml/v4";"github.com/hardening-sdk/hardening/baseline/builtin";"github.com/hardening-sdk/hardening/baseline")
func BenchmarkLoad(b *testing.B){ b.ReportAllocs(); for b.Loop(){ if _,err:=builtin.Load(b.Context(),"linux-server");err!=nil{b.Fatal(err)} } }
func BenchmarkQuick(b *testing.B){ b.ReportAllocs(); base,_:=builtin.Load(b.Context(),"linux-server"); j,err:=json.Marshal(base); if err!=nil{b.Fatal(err)}; b.Log(len(j)); os.WriteFile("/tmp/b.json",j,0o644)
 for b.Loop(){ if _,err:=baseline.Load(b.Context(),bytes.NewReader(j),"x",builtin.Options());err!=nil{b.Fatal(err)} } }
func BenchmarkYAML(b *testing.B){ t,_:=os.ReadFile("linux-server.yaml"); b.ReportAllocs(); for b.Loop(){ var n yaml.Node; if err:=yaml.NewDecoder(bytes.NewReader(t)).Decode(&n);err!=nil{b.Fatal(err)} } }
