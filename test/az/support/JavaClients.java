import java.net.HttpURLConnection;
import java.net.ProxySelector;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Asks for a token and for the subscriptions with each of Java's two HTTP clients; prints the statuses. */
public class JavaClients {
  public static void main(String[] arguments) throws Exception {
    HttpClient client = HttpClient.newBuilder().proxy(ProxySelector.getDefault()).build();
    String form = "grant_type=client_credentials&scope=https://management.azure.com/.default&client_id="
        + System.getenv("AZURE_CLIENT_ID") + "&client_secret="
        + URLEncoder.encode(System.getenv("AZURE_CLIENT_SECRET"), "UTF-8");
    URI endpoint = URI.create("https://login.microsoftonline.com/" + System.getenv("AZURE_TENANT_ID") + "/oauth2/v2.0/token");
    HttpRequest request = HttpRequest.newBuilder(endpoint)
        .header("content-type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form)).build();
    HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
    String token = answer.body().replaceFirst("(?s).*\"access_token\":\"([^\"]+)\".*", "$1");
    URI subscriptions = URI.create("https://management.azure.com/subscriptions?api-version=2022-12-01");
    HttpURLConnection connection = (HttpURLConnection) subscriptions.toURL().openConnection();
    connection.setRequestProperty("authorization", "Bearer " + token);
    System.out.println(answer.statusCode() + " " + connection.getResponseCode());
  }
}
