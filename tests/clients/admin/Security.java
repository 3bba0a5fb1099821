// Quotas, SCRAM credentials, ACLs and delegation tokens, on a cluster without security.

import static org.apache.kafka.common.quota.ClientQuotaEntity.CLIENT_ID;
import static org.apache.kafka.common.quota.ClientQuotaEntity.IP;
import static org.apache.kafka.common.quota.ClientQuotaEntity.USER;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialAlteration;
import org.apache.kafka.clients.admin.UserScramCredentialDeletion;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.apache.kafka.common.quota.ClientQuotaFilter;
import org.apache.kafka.common.quota.ClientQuotaFilterComponent;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

final class Security {
    private Security() {}

    static void run(Table table) {
        quotas(table);
        scram(table);
        acls(table);
        tokens(table);
    }

    private static void quota(Table table, String name, Map<String, String> entity, String key, Double value) {
        var alteration = new ClientQuotaAlteration(
            new ClientQuotaEntity(entity), List.of(new ClientQuotaAlteration.Op(key, value)));
        table.row("alterClientQuotas/" + name, () -> table.admin.alterClientQuotas(List.of(alteration)).values()
            .values().iterator().next());
    }

    private static void quotas(Table table) {
        Admin admin = table.admin;
        Map<String, String> anyUser = new HashMap<>();
        anyUser.put(USER, null);
        table.row("describeClientQuotas/none", () -> admin.describeClientQuotas(ClientQuotaFilter.all()).entities());
        quota(table, "user", Map.of(USER, "ann"), "producer_byte_rate", 1024.0);
        quota(table, "userAndClient", Map.of(USER, "ann", CLIENT_ID, "app"), "consumer_byte_rate", 2048.0);
        quota(table, "defaultUser", anyUser, "request_percentage", 50.0);
        quota(table, "ip", Map.of(IP, "127.0.0.9"), "connection_creation_rate", 10.0);
        quota(table, "ipBadAddress", Map.of(IP, "no such host."), "connection_creation_rate", 10.0);
        quota(table, "ipBadKey", Map.of(IP, "127.0.0.9"), "producer_byte_rate", 10.0);
        quota(table, "unknownKey", Map.of(USER, "ann"), "no_such_rate", 1.0);
        quota(table, "negative", Map.of(USER, "ann"), "producer_byte_rate", -1.0);
        quota(table, "unknownEntity", Map.of("planet", "mars"), "producer_byte_rate", 1.0);
        quota(table, "noEntity", Map.of(), "producer_byte_rate", 1.0);
        quota(table, "userAndIp", Map.of(USER, "ann", IP, "127.0.0.9"), "producer_byte_rate", 1.0);
        quota(table, "emptyUser", Map.of(USER, ""), "producer_byte_rate", 1.0);
        table.rowOnce("describeClientQuotas/all", text -> text.contains("connection_creation_rate"),
            () -> admin.describeClientQuotas(ClientQuotaFilter.all()).entities());
        table.row("describeClientQuotas/exactUser", () -> admin.describeClientQuotas(ClientQuotaFilter.containsOnly(
            List.of(ClientQuotaFilterComponent.ofEntity(USER, "ann")))).entities());
        table.row("describeClientQuotas/defaultUser", () -> admin.describeClientQuotas(ClientQuotaFilter.contains(
            List.of(ClientQuotaFilterComponent.ofDefaultEntity(USER)))).entities());
        table.row("describeClientQuotas/unknownEntity", () -> admin.describeClientQuotas(ClientQuotaFilter.contains(
            List.of(ClientQuotaFilterComponent.ofEntityType("planet")))).entities());
        quota(table, "remove", Map.of(USER, "ann"), "producer_byte_rate", null);
        quota(table, "removeMissing", Map.of(USER, "bob"), "producer_byte_rate", null);
    }

    private static void credential(Table table, String name, UserScramCredentialAlteration... alterations) {
        table.row("alterScram/" + name, () -> table.admin.alterUserScramCredentials(List.of(alterations)).values());
    }

    private static UserScramCredentialUpsertion upsertion(String user, int iterations) {
        return new UserScramCredentialUpsertion(
            user, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_256, iterations), "secret");
    }

    private static void scram(Table table) {
        Admin admin = table.admin;
        table.row("describeScram/none", () -> admin.describeUserScramCredentials().all());
        table.row("describeScram/missing", () -> admin.describeUserScramCredentials(List.of("nobody")).all());
        credential(table, "upsert", upsertion("ann", 4096));
        credential(table, "tooFewIterations", upsertion("bob", 10));
        credential(table, "tooManyIterations", upsertion("bob", 100_000));
        credential(table, "emptyUser", upsertion("", 4096));
        credential(table, "sameUserTwice", upsertion("cid", 4096), upsertion("cid", 8192));
        credential(table, "deleteMissing", new UserScramCredentialDeletion("nobody", ScramMechanism.SCRAM_SHA_256));
        table.rowOnce("describeScram/one", text -> text.contains("4096"),
            () -> admin.describeUserScramCredentials(List.of("ann")).all());
        credential(table, "delete", new UserScramCredentialDeletion("ann", ScramMechanism.SCRAM_SHA_256));
    }

    private static void acls(Table table) {
        Admin admin = table.admin;
        var binding = new AclBinding(new ResourcePattern(ResourceType.TOPIC, "orders", PatternType.LITERAL),
            new AccessControlEntry("User:ann", "*", AclOperation.READ, AclPermissionType.ALLOW));
        table.row("describeAcls/any", () -> admin.describeAcls(AclBindingFilter.ANY).values());
        table.row("createAcls/one", () -> admin.createAcls(List.of(binding)).values().values());
        table.row("deleteAcls/one", () -> admin.deleteAcls(List.of(binding.toFilter())).values().values());
    }

    private static void tokens(Table table) {
        Admin admin = table.admin;
        table.row("delegationToken/create", () -> admin.createDelegationToken().delegationToken());
        table.row("delegationToken/describe", () -> admin.describeDelegationToken().delegationTokens());
        table.row("delegationToken/renew", () -> admin.renewDelegationToken(new byte[] {1}).expiryTimestamp());
        table.row("delegationToken/expire", () -> admin.expireDelegationToken(new byte[] {1}).expiryTimestamp());
    }
}
