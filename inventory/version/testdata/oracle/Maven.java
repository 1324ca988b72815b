import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.maven.artifact.versioning.ComparableVersion;

/** Compares two versions a line, in hexadecimal; what is no UTF-8 is no string for Maven. */
class Maven {
    static ComparableVersion read(String hex) throws CharacterCodingException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return new ComparableVersion(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    }

    static char compare(String a, String b) {
        try {
            int c = read(a).compareTo(read(b));
            return c < 0 ? '<' : c > 0 ? '>' : '=';
        } catch (CharacterCodingException e) {
            return '!';
        }
    }

    public static void main(String[] args) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in));
        var out = new StringBuilder();
        for (String line; (line = in.readLine()) != null; ) {
            String[] pair = line.split(" ");
            out.append(compare(pair[0], pair[1])).append('\n');
        }
        System.out.print(out);
    }
}
