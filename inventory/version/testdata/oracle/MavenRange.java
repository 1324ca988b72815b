import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.apache.maven.artifact.versioning.DefaultArtifactVersion;
import org.apache.maven.artifact.versioning.InvalidVersionSpecificationException;
import org.apache.maven.artifact.versioning.VersionRange;

/** Looks for a version in a range: both are in a line, in hexadecimal. */
class MavenRange {
    static String read(String hex) throws CharacterCodingException {
        byte[] bytes = HexFormat.of().parseHex(hex);
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    }

    static char contains(String range, String version) {
        try {
            var set = VersionRange.createFromVersionSpec(read(range));
            return set.containsVersion(new DefaultArtifactVersion(read(version))) ? 'i' : 'o';
        } catch (CharacterCodingException | InvalidVersionSpecificationException e) {
            return '!';
        }
    }

    public static void main(String[] args) throws Exception {
        var in = new BufferedReader(new InputStreamReader(System.in));
        var out = new StringBuilder();
        for (String line; (line = in.readLine()) != null; ) {
            String[] pair = line.split(" ", -1);
            out.append(contains(pair[0], pair[1])).append('\n');
        }
        System.out.print(out);
    }
}
