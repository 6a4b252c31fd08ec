"""What a team's own scripts ask of Azure with its Python clients, against the Azure that the environment names.

Each call is a function; the script makes them in the order in which they stand and prints one line of JSON for each:
its name and, where it failed, how. A call may use what an earlier one made.
"""

import asyncio
import base64
import json
import os
import uuid

from azure.core.exceptions import HttpResponseError, ResourceNotFoundError
from azure.identity import ClientSecretCredential, DefaultAzureCredential
from azure.identity.aio import ClientSecretCredential as AsyncCredential
from azure.keyvault.keys import KeyClient
from azure.keyvault.secrets import SecretClient
from azure.mgmt.authorization import AuthorizationManagementClient
from azure.mgmt.botservice import AzureBotService
from azure.mgmt.keyvault import KeyVaultManagementClient
from azure.mgmt.loganalytics import LogAnalyticsManagementClient
from azure.mgmt.msi import ManagedServiceIdentityClient
from azure.mgmt.resource.resources import ResourceManagementClient
from azure.mgmt.storage import StorageManagementClient
from azure.mgmt.web import WebSiteManagementClient
from azure.storage.blob import BlobServiceClient
from kiota_abstractions.api_error import APIError
from msgraph import GraphServiceClient
from msgraph.generated.applications.item.add_password.add_password_post_request_body import (
    AddPasswordPostRequestBody,
)
from msgraph.generated.applications.item.remove_password.remove_password_post_request_body import (
    RemovePasswordPostRequestBody,
)
from msgraph.generated.models.application import Application
from msgraph.generated.models.federated_identity_credential import FederatedIdentityCredential
from msgraph.generated.models.password_credential import PasswordCredential
from msgraph.generated.models.service_principal import ServicePrincipal

tenant = os.environ["AZURE_TENANT_ID"]
client = os.environ["AZURE_CLIENT_ID"]
secret = os.environ["AZURE_CLIENT_SECRET"]
subscription = os.environ["AZURE_SUBSCRIPTION_ID"]
place = "westeurope"
group = "python"
scope = f"/subscriptions/{subscription}/resourceGroups/{group}"
credential = DefaultAzureCredential()
made = {}


def clients(kind):
    return kind(credential, subscription)


resources = clients(ResourceManagementClient)
roles = clients(AuthorizationManagementClient)
bots = clients(AzureBotService)
vaults = clients(KeyVaultManagementClient)
logs = clients(LogAnalyticsManagementClient)
identities = clients(ManagedServiceIdentityClient)
accounts = clients(StorageManagementClient)
web = clients(WebSiteManagementClient)


def refused(call, error, code):
    try:
        call()
    except error as told:
        found = told.error.code if getattr(told, "error", None) else getattr(told, "reason", "")
        assert found == code, f"refused as {found}, not as {code}"
        return
    raise AssertionError("not refused")


def oid():
    token = credential.get_token("https://management.azure.com/.default").token
    payload = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["oid"]


blob_contributor = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
crypto_officer = "14b46e9e-c2b7-41b4-b07b-48a6ebf60603"


def builtin(role):
    return f"/subscriptions/{subscription}/providers/Microsoft.Authorization/roleDefinitions/{role}"


def assign(principal, role):
    wanted = {"role_definition_id": role, "principal_id": principal, "principal_type": "ServicePrincipal"}
    return roles.role_assignments.create(scope, str(uuid.uuid4()), wanted)


calls = []


def call(what):
    def take(function):
        calls.append((what, function))
        return function

    return take


@call("a token by secret")
def _():
    ClientSecretCredential(tenant, client, secret).get_token("https://management.azure.com/.default")


@call("groups: made, read, listed, tagged")
def _():
    resources.resource_groups.create_or_update(group, {"location": place})
    assert resources.resource_groups.check_existence(group)
    assert group in [each.name for each in resources.resource_groups.list()]
    assert resources.resource_groups.update(group, {"tags": {"team": "bots"}}).tags == {"team": "bots"}


@call("groups: one that is not there")
def _():
    assert not resources.resource_groups.check_existence("nobody")
    refused(lambda: resources.resource_groups.get("nobody"), ResourceNotFoundError, "ResourceGroupNotFound")


@call("providers: read and registered")
def _():
    resources.providers.register("Microsoft.BotService")
    assert resources.providers.get("Microsoft.Web").registration_state == "Registered"


@call("identities: made, listed")
def _():
    of_group = identities.user_assigned_identities
    made["identity"] = of_group.create_or_update(group, "python-identity", {"location": place})
    assert [each.name for each in of_group.list_by_resource_group(group)] == ["python-identity"]
    assert of_group.get(group, "python-identity").principal_id == made["identity"].principal_id


@call("roles: found by name")
def _():
    found = list(roles.role_definitions.list(scope, filter="roleName eq 'Key Vault Secrets Officer'"))
    made["role"] = found[0].id


@call("roles: assigned, found by principal, taken away")
def _():
    principal = made["identity"].principal_id
    assignment = assign(principal, made["role"])
    found = list(roles.role_assignments.list_for_scope(scope, filter=f"principalId eq '{principal}'"))
    assert [each.id for each in found] == [assignment.id]
    roles.role_assignments.delete_by_id(assignment.id)


@call("storage: an account, its keys, its containers")
def _():
    properties = {"location": place, "kind": "StorageV2", "sku": {"name": "Standard_LRS"}}
    account = accounts.storage_accounts.begin_create(group, "pythonaccount", properties).result()
    assert account.encryption.services.file.enabled
    assert len(accounts.storage_accounts.list_keys(group, "pythonaccount")["keys"]) == 2
    accounts.blob_containers.create(group, "pythonaccount", "state", {})
    assert [each.name for each in accounts.blob_containers.list(group, "pythonaccount")] == ["state"]
    assert not accounts.storage_accounts.check_name_availability({"name": "pythonaccount"}).name_available


@call("blobs: written, listed, read, deleted")
def _():
    assign(oid(), builtin(blob_contributor))
    blobs = BlobServiceClient("https://pythonaccount.blob.core.windows.net", credential)
    container = blobs.get_container_client("state")
    container.upload_blob("a/b.json", b'{"a":1}', overwrite=True)
    assert [each.name for each in container.list_blobs(name_starts_with="a/")] == ["a/b.json"]
    assert container.download_blob("a/b.json").readall() == b'{"a":1}'
    container.delete_blob("a/b.json")


@call("vaults: made, read, listed")
def _():
    properties = {
        "location": place,
        "properties": {
            "tenantId": tenant,
            "sku": {"family": "A", "name": "standard"},
            "enableRbacAuthorization": True,
        },
    }
    vault = vaults.vaults.begin_create_or_update(group, "python-vault", properties).result()
    assert vault.properties.vault_uri == "https://python-vault.vault.azure.net/"
    assert [each.name for each in vaults.vaults.list_by_resource_group(group)] == ["python-vault"]


@call("secrets: refused without the role, then set, read, listed, deleted")
def _():
    secrets = SecretClient("https://python-vault.vault.azure.net", credential)
    try:
        secrets.get_secret("absent")
    except HttpResponseError as told:
        assert told.status_code == 403, str(told)
    else:
        raise AssertionError("not refused")
    assign(oid(), made["role"])
    secrets.set_secret("password", "one")
    assert secrets.get_secret("password").value == "one"
    assert [each.name for each in secrets.list_properties_of_secrets()] == ["password"]
    assert len(list(secrets.list_properties_of_secret_versions("password"))) == 1
    secrets.begin_delete_secret("password").wait()
    secrets.begin_recover_deleted_secret("password").wait()


@call("keys: made and used")
def _():
    assign(oid(), builtin(crypto_officer))
    keys = KeyClient("https://python-vault.vault.azure.net", credential)
    key = keys.create_rsa_key("state", size=2048)
    assert keys.get_key("state").id == key.id
    assert [each.name for each in keys.list_properties_of_keys()] == ["state"]


@call("workspaces: made, read, listed")
def _():
    made["workspace"] = logs.workspaces.begin_create_or_update(group, "python-logs", {"location": place}).result()
    assert [each.name for each in logs.workspaces.list_by_resource_group(group)] == ["python-logs"]
    assert logs.shared_keys.get_shared_keys(group, "python-logs").primary_shared_key


@call("web: a plan and a site, their settings, their configuration")
def _():
    sku = {"name": "B1", "tier": "Basic"}
    plan = {"location": place, "kind": "linux", "properties": {"reserved": True}, "sku": sku}
    made["plan"] = web.app_service_plans.begin_create_or_update(group, "python-plan", plan).result()
    config = {"linuxFxVersion": "NODE|24-lts"}
    site = {"location": place, "properties": {"serverFarmId": made["plan"].id, "siteConfig": config}}
    web.web_apps.begin_create_or_update(group, "python-site", site).result()
    web.web_apps.update_application_settings(group, "python-site", {"properties": {"A": "1"}})
    assert dict(web.web_apps.list_application_settings(group, "python-site").properties)["A"] == "1"
    assert web.web_apps.get_configuration(group, "python-site").linux_fx_version == "NODE|24-lts"
    web.web_apps.restart(group, "python-site")


@call("web: what was read, written whole")
def _():
    site = web.web_apps.get(group, "python-site")
    assert web.web_apps.begin_create_or_update(group, "python-site", site).result().id == site.id


@call("bots: made, read, listed, with a channel")
def _():
    registration = str(uuid.uuid4())
    inner = {
        "display_name": "Python",
        "endpoint": "https://python-site.azurewebsites.net/api/messages",
        "msa_app_id": registration,
        "msa_app_type": "SingleTenant",
        "msa_app_tenant_id": tenant,
    }
    bot = bots.bots.create(
        group, "python-bot", {"location": "global", "kind": "azurebot", "sku": {"name": "F0"}, "properties": inner}
    )
    assert bot.properties.msa_app_id == registration
    assert [each.name for each in bots.bots.list_by_resource_group(group)] == ["python-bot"]
    direct = {"location": "global", "properties": {"channelName": "DirectLineChannel", "properties": {"sites": []}}}
    bots.channels.create(group, "python-bot", "DirectLineChannel", direct)
    assert bots.channels.list_with_keys(group, "python-bot", "DirectLineChannel")


@call("resources: listed by group and by type")
def _():
    types = {each.type for each in resources.resources.list_by_resource_group(group)}
    assert {"Microsoft.BotService/botServices", "Microsoft.Web/sites", "Microsoft.KeyVault/vaults"} <= types, types
    ask = "resourceType eq 'Microsoft.Web/sites'"
    assert [each.name for each in resources.resources.list(filter=ask)] == ["python-site"]


def graph():
    made["credential"] = made.get("credential") or AsyncCredential(tenant, client, secret)
    made["graph"] = made.get("graph") or GraphServiceClient(made["credential"], ["https://graph.microsoft.com/.default"])
    return made["graph"]


@call("Graph: an application, read, found, changed")
async def _():
    apps = graph().applications
    made["app"] = await apps.post(Application(display_name="Python", sign_in_audience="AzureADMyOrg"))
    assert (await apps.by_application_id(made["app"].id).get()).app_id == made["app"].app_id
    await apps.by_application_id(made["app"].id).patch(Application(display_name="Python 2"))
    asked = apps.with_url(f"https://graph.microsoft.com/v1.0/applications?$filter=appId eq '{made['app'].app_id}'")
    assert [each.display_name for each in (await asked.get()).value] == ["Python 2"]


@call("Graph: a secret, and none any more")
async def _():
    app = graph().applications.by_application_id(made["app"].id)
    body = AddPasswordPostRequestBody(password_credential=PasswordCredential(display_name="one"))
    added = await app.add_password.post(body)
    assert added.secret_text
    await app.remove_password.post(RemovePasswordPostRequestBody(key_id=added.key_id))
    assert (await app.get()).password_credentials == []


@call("Graph: a federated credential")
async def _():
    credentials = graph().applications.by_application_id(made["app"].id).federated_identity_credentials
    issuer = "https://token.actions.githubusercontent.com"
    wanted = FederatedIdentityCredential(
        name="main", issuer=issuer, subject="repo:a/b:ref:refs/heads/main", audiences=["api://AzureADTokenExchange"]
    )
    await credentials.post(wanted)
    assert [each.name for each in (await credentials.get()).value] == ["main"]


@call("Graph: a service principal, by id and by filter")
async def _():
    principals = graph().service_principals
    made["principal"] = await principals.post(ServicePrincipal(app_id=made["app"].app_id))
    assert (await principals.by_service_principal_id(made["principal"].id).get()).app_id == made["app"].app_id
    await principals.by_service_principal_id(made["principal"].id).owners.get()
    await principals.by_service_principal_id(made["principal"].id).app_role_assignments.get()
    assert (await graph().service_principals_with_app_id(made["app"].app_id).get()).id == made["principal"].id


@call("Graph: the people, page by page, and the organization")
async def _():
    assert (await graph().users.get()).value
    assert (await graph().organization.get()).value[0].id == tenant


@call("Graph: the application deleted, and in the bin")
async def _():
    await graph().applications.by_application_id(made["app"].id).delete()
    bin = graph().directory.deleted_items.graph_application
    assert made["app"].id in [each.id for each in (await bin.get()).value]
    try:
        await graph().applications.by_application_id(made["app"].id).get()
    except APIError as told:
        assert told.error.code == "Request_ResourceNotFound", told.error.code
        return
    raise AssertionError("still there")


@call("groups: deleted with all that is in them")
def _():
    resources.resource_groups.begin_delete(group).result()
    assert not resources.resource_groups.check_existence(group)
    vaults.vaults.begin_purge_deleted("python-vault", place).result()


async def main():
    for what, function in calls:
        told = {"what": what}
        try:
            done = function()
            if asyncio.iscoroutine(done):
                await done
        except Exception as error:  # Whatever it is, the next call is made, too.
            told["error"] = f"{type(error).__name__}: {error}"[:600]
        print(json.dumps(told), flush=True)
    if "credential" in made:
        await made["credential"].close()


asyncio.run(main())
